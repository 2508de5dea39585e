using System.Net;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

/// <summary>
/// A server that says exactly the bytes that a test gives it, and checks those of the client: a <see cref="WireClient"/> at the other end.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    /// <summary>The size of its export.</summary>
    public const int Size = 1 << 20;

    /// <summary>The id that it gives to <c>base:allocation</c>.</summary>
    public const uint Context = 7;

    /// <summary>Flags of an export that can everything, multi-conn and rotational included.</summary>
    public const int Everything = 1 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 1024 | 2048;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TemporaryDirectory _directory = new();

    public ScriptedServer()
    {
        _listener.Bind(Address);
        _listener.Listen(8);
    }

    /// <summary>Where it is.</summary>
    public EndPoint Address => new UnixDomainSocketEndPoint(_directory["socket"]);

    /// <summary>Connects a client while the server plays its part of the handshake.</summary>
    public async Task<(NbdClient Client, WireClient Server)> OpenAsync(Action<WireClient> handshake, NbdClientOptions? options = null)
    {
        var connecting = NbdClient.ConnectAsync(Address, options ?? new NbdClientOptions());
        var server = Accept();
        await Task.Run(() => handshake(server));
        return (await connecting, server);
    }

    /// <summary>Connects a client with structured replies and <c>base:allocation</c>.</summary>
    public Task<(NbdClient Client, WireClient Server)> OpenAsync() => OpenAsync(server => Structured(server));

    /// <summary>The other end of the next connection.</summary>
    public WireClient Accept() => new(new NetworkStream(_listener.Accept(), ownsSocket: true));

    /// <summary>The greeting, and the client's answer.</summary>
    public static WireClient Greet(WireClient server) => server.Send(Wire.Greeting()).Expect(Wire.U32(Wire.BothClientFlags));

    /// <summary>The handshake up to the export, with structured replies.</summary>
    public static WireClient Structured(WireClient server, string export = "")
        => AnswerGo(
            AnswerContext(
                Greet(server)
                    .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, []))
                    .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.Ack, [])),
                export),
            export);

    /// <summary>The handshake up to the export, with extended headers.</summary>
    public static WireClient Extended(WireClient server)
        => AnswerGo(AnswerContext(
            Greet(server).Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.Ack, [])), ""), "");

    /// <summary>The handshake up to the export, with simple replies.</summary>
    public static WireClient Simple(WireClient server)
        => AnswerGo(
            Greet(server)
                .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, []))
                .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.ErrUnsup, [])),
            "");

    /// <summary>The client's GO.</summary>
    public static byte[] GoOption(string export) => Wire.Option(Wire.Go, Wire.InfoData(export, 1, 2, 3));

    /// <summary>The export's size and flags.</summary>
    public static byte[] ExportInfo(ulong size = Size, int flags = Everything)
        => Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(0), .. Wire.U64(size), .. Wire.U16(flags)]);

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    private static WireClient AnswerContext(WireClient server, string export)
        => server
            .Expect(Wire.Option(Wire.SetMetaContext, Wire.MetaContextData(export, "base:allocation")))
            .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.MetaContextReply, [.. Wire.U32(Context), .. "base:allocation"u8]))
            .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.Ack, []));

    private static WireClient AnswerGo(WireClient server, string export)
        => server.Expect(GoOption(export)).Send(ExportInfo()).Send(Wire.OptionReply(Wire.Go, Wire.Ack, []));
}
