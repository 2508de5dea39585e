using System.Net;
using Microsoft.Extensions.Logging;

namespace SharpNbd.Server;

/// <summary>A bound address and the thread that accepts on it.</summary>
internal interface IListener : IDisposable
{
    /// <summary>Where it listens, with the port that 0 became.</summary>
    ListenAddress Address { get; }

    /// <summary>What a client on this machine connects to, as the framework has it; null where it has no such thing.</summary>
    EndPoint? EndPoint { get; }

    /// <summary>Accepts until it is disposed.</summary>
    /// <param name="transports">Makes transports of what was accepted.</param>
    /// <param name="accepted">Takes them.</param>
    /// <param name="logger">Learns of what cannot be accepted.</param>
    void Start(TransportFactory transports, Action<Transport> accepted, ILogger logger);
}
