namespace SharpNbd.TestKit;

/// <summary>
/// A part of the protocol that bytes are thrown at. An input is two bytes that choose the <see cref="FuzzWorld"/>, and then what the client
/// says: all of it, or, in the targets of the transmission phase, what it says behind a handshake that agrees on the form of headers.
/// </summary>
public sealed class FuzzTarget
{
    /// <summary>A longer input is no input.</summary>
    public const int LongestInput = 256 << 10;

    private readonly FuzzForm? _form;
    private readonly byte[] _handshake;

    private FuzzTarget(string name, FuzzForm? form, params byte[] handshake) => (Name, _form, _handshake) = (name, form, handshake);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("handshake", form: null),
        new("simple", FuzzForm.Simple, [.. Wire.U32(Wire.BothClientFlags), .. Go()]),
        new("structured", FuzzForm.Structured,
            [.. Wire.U32(Wire.BothClientFlags), .. Wire.Option(Wire.StructuredReply, []), .. Allocation(), .. Go()]),
        new("extended", FuzzForm.Extended,
            [.. Wire.U32(Wire.BothClientFlags), .. Wire.Option(Wire.ExtendedHeaders, []), .. Allocation(), .. Go()]),
    ];

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The target of this name, or null.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>Serves a client that says this.</summary>
    /// <exception cref="FuzzFindingException">The server broke a promise.</exception>
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length is >= 2 and <= LongestInput)
        {
            FuzzServer.Check(WorldOf(input[0], input[1]), Client(input), FormOfRequests(input[0]));
        }
    }

    /// <summary>Serves a client that says this, in pieces of any length.</summary>
    /// <returns>What it is told.</returns>
    /// <exception cref="FuzzFindingException">The server broke a promise.</exception>
    public byte[] Run(ReadOnlySpan<byte> input, int chunk, bool isSocket)
        => FuzzServer.Check(WorldOf(input[0], 0) with { Chunk = chunk, IsSocket = isSocket }, Client(input), FormOfRequests(input[0]));

    private static byte[] Go() => Wire.Option(Wire.Go, Wire.InfoData("", 3));

    private static byte[] Allocation() => Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation"));

    private FuzzWorld WorldOf(byte bits, byte chunk)
        => _form is null ? FuzzWorld.OfHandshake(bits, chunk) : FuzzWorld.OfTransmission(bits, chunk);

    // Replies in another order can be told apart only by their cookies.
    private byte[] Client(ReadOnlySpan<byte> input)
    {
        byte[] client = [.. _handshake, .. input[2..]];
        if (_form is { } form && WorldOf(input[0], 0).IsLate)
        {
            FuzzModel.Number(client.AsSpan(_handshake.Length), form);
        }

        return client;
    }

    private FuzzForm? FormOfRequests(byte bits) => WorldOf(bits, 0).IsOldstyle ? FuzzForm.Simple : _form;
}
