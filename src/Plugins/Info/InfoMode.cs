namespace SharpNbd.Plugins;

/// <summary>What an info disk tells.</summary>
public enum InfoMode
{
    /// <summary>The export's name as the client has sent it.</summary>
    ExportName,

    /// <summary>The bytes that the export's name stands for in base64.</summary>
    Base64ExportName,

    /// <summary>The client's address and port.</summary>
    Address,

    /// <summary>The time of day.</summary>
    Time,

    /// <summary>How long the server has been running.</summary>
    Uptime,

    /// <summary>How long the client has been connected.</summary>
    ConnTime,

    /// <summary>The server's version.</summary>
    Version,
}
