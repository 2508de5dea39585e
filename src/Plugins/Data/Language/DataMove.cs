namespace SharpNbd.Plugins;

/// <summary>How the offset moves.</summary>
internal enum DataMove
{
    /// <summary><c>@N</c></summary>
    To,

    /// <summary><c>@+N</c></summary>
    Forward,

    /// <summary><c>@-N</c></summary>
    Back,

    /// <summary><c>@^N</c></summary>
    Align,
}
