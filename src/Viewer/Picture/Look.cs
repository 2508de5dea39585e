namespace SharpNbd.Viewer;

/// <summary>How a block looks. <see cref="Palette"/> has a colour for each.</summary>
internal enum Look : byte
{
    Untouched,
    Written,
    Zeroed,
    Trimmed,
    Failed,
    Reading,
    Writing,
    Zeroing,
    Trimming,
}
