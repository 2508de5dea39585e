namespace SharpNbd.Plugins;

/// <summary>
/// The order of records in a directory (ECMA-119, 9.3) and in the path table (6.9.1): by name, then by extension, the shorter one
/// filled up with the lowest character.
/// </summary>
/// <param name="unit">How many bytes a character takes: 1, or 2 for Joliet.</param>
internal sealed class IdentifierOrder(int unit) : IComparer<byte[]>
{
    public int Compare(byte[]? x, byte[]? y)
    {
        var (one, other) = (Split(x), Split(y));
        var order = ComparePadded(x.AsSpan(0, one), y.AsSpan(0, other));
        return order != 0 ? order : ComparePadded(x.AsSpan(one), y.AsSpan(other));
    }

    /// <summary>Where the extension begins.</summary>
    private int Split(byte[]? identifier)
    {
        for (var at = identifier!.Length - unit; at >= 0; at -= unit)
        {
            if (identifier[at + unit - 1] == '.' && (unit == 1 || identifier[at] == 0))
            {
                return at;
            }
        }

        // The version of a name without a dot counts as its extension would.
        var version = identifier.AsSpan().LastIndexOf((byte)';');
        return version < 0 ? identifier.Length : version - (unit - 1);
    }

    private int ComparePadded(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var common = Math.Min(one.Length, other.Length);
        var order = one[..common].SequenceCompareTo(other[..common]);
        if (order != 0)
        {
            return order;
        }

        // The rest of the longer one against spaces, in Joliet against zeroes.
        var pad = unit == 1 ? (byte)' ' : (byte)0;
        var rest = one.Length > common ? one[common..] : other[common..];
        var different = rest.IndexOfAnyExcept(pad);
        var sign = different < 0 ? 0 : rest[different] > pad ? 1 : -1;
        return sign != 0 ? (one.Length > common ? sign : -sign) : one.Length - other.Length;
    }
}
