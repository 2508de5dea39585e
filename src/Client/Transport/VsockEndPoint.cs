using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Client;

/// <summary>An address between a virtual machine and its host (AF_VSOCK), on Linux.</summary>
/// <param name="contextId">The machine: 2 is the host, 1 this machine itself.</param>
/// <param name="port">The port.</param>
public sealed class VsockEndPoint(uint contextId, uint port) : EndPoint
{
    /// <summary>AF_VSOCK, for which the framework has no name.</summary>
    internal const int Family = 40;

    /// <summary>The machine: 2 is the host, 1 this machine itself.</summary>
    public uint ContextId { get; } = contextId;

    /// <summary>The port.</summary>
    public uint Port { get; } = port;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => (AddressFamily)Family;

    /// <inheritdoc/>
    public override string ToString() => $"vsock {ContextId}:{Port}";
}
