using System.Net.Sockets;

namespace SharpNbd.Server;

/// <summary>Where a server listens.</summary>
public abstract record ListenAddress;

/// <summary>A Unix domain socket.</summary>
/// <param name="Path">Its path; must not exist yet. Not removed at the end, as nbdkit leaves it.</param>
public sealed record UnixListenAddress(string Path) : ListenAddress
{
    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

/// <summary>AF_VSOCK: virtual machines and their host.</summary>
/// <param name="Port">Any of the 32-bit ports; their space is not TCP's.</param>
public sealed record VsockListenAddress(uint Port) : ListenAddress
{
    /// <summary>The kind and the port.</summary>
    public override string ToString() => $"vsock port {Port}";
}

/// <summary>A socket that listens already: a service manager has opened it and handed it over.</summary>
/// <param name="Descriptor">Its number.</param>
/// <param name="Name">What the service manager calls it, or null.</param>
public sealed record ActivatedListenAddress(int Descriptor, string? Name = null) : ListenAddress
{
    /// <summary>The number, and the name where there is one.</summary>
    public override string ToString() => Name is null ? $"descriptor {Descriptor}" : $"descriptor {Descriptor} ({Name})";
}

/// <summary>TCP.</summary>
/// <param name="Host">A name or address, or null for every address of this machine.</param>
/// <param name="Port">1 … 65535, or 0 for a free one.</param>
/// <param name="Family">InterNetwork or InterNetworkV6 to restrict the addresses, Unspecified for both.</param>
public sealed record TcpListenAddress(string? Host, int Port, AddressFamily Family = AddressFamily.Unspecified) : ListenAddress
{
    /// <summary>The host, or a star, and the port.</summary>
    public override string ToString() => $"{Host ?? "*"}:{Port}";
}
