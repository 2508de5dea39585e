namespace SharpNbd.Plugins;

/// <summary>Where something stands in the data, for error messages.</summary>
/// <param name="Variable">The variable whose text it is, or null for the data itself.</param>
/// <param name="Offset">The characters before it.</param>
internal readonly record struct DataPlace(string? Variable, int Offset)
{
    /// <inheritdoc/>
    public override string ToString() => Variable is null ? $"at offset {Offset}" : $"at offset {Offset} of ${Variable}";
}
