namespace SharpNbd.Abstractions;

/// <summary>Flags of a write or trim.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>
    /// Force Unit Access: the request completes only when what it changed is on stable storage. A disk sees it only when
    /// its <see cref="DiskCapabilities.Fua"/> is <see cref="Support.Native"/>.
    /// </summary>
    Fua = 1,
}
