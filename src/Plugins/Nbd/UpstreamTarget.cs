using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>The server that everything is passed on to: how to get a connection to it.</summary>
internal abstract class UpstreamTarget : IAsyncDisposable
{
    /// <summary>There is a single connection, and never another one.</summary>
    public virtual bool IsOnce => false;

    /// <summary>What the URI says, where it was given by one.</summary>
    public NbdUri? Uri { get; private init; }

    /// <summary>Connects and opens an export.</summary>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public abstract Task<NbdClient> ConnectAsync(NbdClientOptions options, CancellationToken cancellationToken);

    /// <summary>Asks for the server's exports.</summary>
    /// <exception cref="NbdConnectionException">The server cannot be reached or does not tell.</exception>
    public virtual Task<IReadOnlyList<ExportInfo>> ListAsync(NbdClientOptions options, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    /// <summary>Asks what an export is like.</summary>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public virtual Task<NbdExport?> DescribeAsync(NbdClientOptions options, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Finds out which server is meant.</summary>
    /// <exception cref="ParameterException">None, several, or none that there can be.</exception>
    public static UpstreamTarget Of(NbdOptions options, ILogger logger)
    {
        string?[] given =
        [
            options.Uri is null ? null : "uri=", options.Socket is null ? null : "socket=", options.HostName is null ? null : "hostname=",
            options.Vsock is null ? null : "vsock=", options.Command is null ? null : "command=", options.SocketDescriptor is null ? null : "socket-fd=",
        ];
        if (given.OfType<string>().ToArray() is { Length: not 1 } several)
        {
            throw new ParameterException(several.Length == 0
                ? "the server is missing: one of uri=, socket=, hostname=, vsock=, command= and socket-fd= is needed"
                : $"{string.Join(" and ", several)} cannot be used together: the server is named once");
        }

        var errors = new List<string>();
        Refuse(options.Port is not null && options is { HostName: null, Vsock: null }, "port= needs hostname= or vsock=");
        Refuse(options.Arguments.Count > 0 && options.Command is null, "arg= needs command=");
        Refuse(options is { DynamicExport: true, Export: not null }, "dynamic-export= and export= cannot be used together");
        var isShared = options.Shared ?? (options is not { Command: null, SocketDescriptor: null });
        Refuse(options.DynamicExport && isShared, "dynamic-export= cannot be used with a shared connection (shared=, command=, socket-fd=)");
        Refuse(options is { Shared: false, SocketDescriptor: not null }, "socket-fd= is one connection, which all clients share: shared=false is not possible");
        return errors.Count > 0 ? throw new ParameterException(errors) : Make(options, logger);

        void Refuse(bool isWrong, string message)
        {
            if (isWrong)
            {
                errors.Add(message);
            }
        }
    }

    private static UpstreamTarget Make(NbdOptions options, ILogger logger)
    {
        if (options.Command is { } command)
        {
            return new CommandTarget([command, .. options.Arguments], logger);
        }

        if (options.SocketDescriptor is { } descriptor)
        {
            return new DescriptorTarget(descriptor);
        }

        if (options.Uri is { } text)
        {
            var uri = NbdUri.Parse(text);
            return new AddressTarget(uri.Address) { Uri = uri };
        }

        try
        {
            return new AddressTarget(
                options.Socket is { } path ? NbdUri.UnixAddress(path.Value)
                : options.Vsock is { } machine ? new VsockEndPoint(machine, PortNumber(options.Port, uint.MaxValue))
                : TcpAddress(options.HostName!, options.Port));
        }
        catch (FormatException e)
        {
            throw new ParameterException(e.Message);
        }
    }

    private static EndPoint TcpAddress(string host, string? port)
    {
        var number = port is null || char.IsAsciiDigit(port[0]) ? (int)PortNumber(port, ushort.MaxValue) : ServicePort.Find(port);
        return IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? new IPEndPoint(ip, number) : new DnsEndPoint(host, number, AddressFamily.Unspecified);
    }

    private static uint PortNumber(string? text, uint largest)
        => text is null ? NbdUri.DefaultPort
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= largest && port > 0 ? port
            : throw new FormatException($"port={text}: a number from 1 to {largest} is needed");

    /// <summary>A server that can be connected to as often as one likes.</summary>
    private sealed class AddressTarget(EndPoint address) : UpstreamTarget
    {
        public override Task<NbdClient> ConnectAsync(NbdClientOptions options, CancellationToken cancellationToken)
            => NbdClient.ConnectAsync(address, options, cancellationToken);

        public override Task<IReadOnlyList<ExportInfo>> ListAsync(NbdClientOptions options, CancellationToken cancellationToken)
            => NbdClient.ListAsync(address, options, cancellationToken);

        public override Task<NbdExport?> DescribeAsync(NbdClientOptions options, CancellationToken cancellationToken)
            => NbdClient.DescribeAsync(address, options, cancellationToken);
    }

    /// <summary>A connection that was inherited.</summary>
    private sealed class DescriptorTarget(int descriptor) : UpstreamTarget
    {
        private bool _isUsed;

        public override bool IsOnce => true;

        public override Task<NbdClient> ConnectAsync(NbdClientOptions options, CancellationToken cancellationToken)
        {
            if (_isUsed)
            {
                throw new NbdConnectionException($"the connection of socket-fd={descriptor} has ended, and there is no other one");
            }

            _isUsed = true;
            return NbdClient.ConnectAsync(new SafeSocketHandle(descriptor, ownsHandle: true), options, cancellationToken);
        }
    }
}
