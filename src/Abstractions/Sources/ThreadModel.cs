namespace SharpNbd.Abstractions;

/// <summary>
/// How many calls a source's disks take at once. A chain has the most serialised model of its members. The values are those
/// that the log filter writes.
/// </summary>
public enum ThreadModel
{
    /// <summary>One connection at a time; the next one waits until it is closed.</summary>
    SerializeConnections = 0,

    /// <summary>One request at a time over all connections.</summary>
    SerializeAllRequests = 1,

    /// <summary>One request at a time on each connection.</summary>
    SerializeRequests = 2,

    /// <summary>Any number of requests on any number of connections.</summary>
    Parallel = 3,
}
