namespace SharpNbd.Plugins;

/// <summary>What a directory record stands for (ECMA-119, 9.1.6).</summary>
[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    Hidden = 1,
    Directory = 2,

    /// <summary>The file has a further record: it is longer than one can tell.</summary>
    MoreFollows = 0x80,
}
