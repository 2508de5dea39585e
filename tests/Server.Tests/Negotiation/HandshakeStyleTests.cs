using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What is taken away from the handshake to try out clients.</summary>
public sealed class HandshakeStyleTests
{
    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(2u, 2)]
    [InlineData(0xffff_fffcu, 0)]
    [InlineData(uint.MaxValue, 3)]
    public async Task OnlyFlagsOfTheMaskAreOffered(uint mask, int offered)
    {
        await using var server = With(new HandshakeStyle { Mask = mask });

        server.Connect()
            .Expect([.. "NBDMAGIC"u8, .. "IHAVEOPT"u8, .. Wire.U16(offered)])
            .Send(Wire.U32(offered))
            .Option(Wire.ExportName)
            .Expect([.. Wire.U64(1 << 20), .. Wire.U16(0x0d6d), .. new byte[(offered & 2) == 0 ? 124 : 0]])
            .Disconnect();
    }

    [Theory]
    [InlineData(1u, 2u)]
    [InlineData(2u, 1u)]
    [InlineData(0u, 3u)]
    public async Task AFlagThatWasMaskedClosesTheConnection(uint mask, uint answer)
    {
        await using var server = With(new HandshakeStyle { Mask = mask });

        server.Connect().Expect([.. "NBDMAGIC"u8, .. "IHAVEOPT"u8, .. Wire.U16((int)mask)]).Send(Wire.U32(answer)).ExpectEnd();

        server.Log.WaitFor($"only 0x{mask:x} were offered");
    }

    [Fact]
    public async Task WithoutStructuredRepliesTheyAndWhatBringsThemAreUnsupported()
    {
        await using var server = With(new HandshakeStyle { RefusesStructuredReplies = true });

        server.Connect()
            .Greet()
            .Option(Wire.StructuredReply).ExpectError(Wire.StructuredReply, Wire.ErrUnsup)
            .Option(Wire.ExtendedHeaders).ExpectError(Wire.ExtendedHeaders, Wire.ErrUnsup)
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")).ExpectError(Wire.SetMetaContext, Wire.ErrInvalid)
            .Go()
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0)
            .Disconnect();
    }

    [Fact]
    public async Task WithoutMetaContextsBothOptionsAreUnsupported()
    {
        await using var server = With(new HandshakeStyle { RefusesMetaContexts = true });

        server.Connect()
            .Greet()
            .WantStructuredReplies()
            .Option(Wire.ListMetaContext, Wire.MetaContextData("")).ExpectError(Wire.ListMetaContext, Wire.ErrUnsup)
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")).ExpectError(Wire.SetMetaContext, Wire.ErrUnsup)
            .Go()
            .Request(Wire.Read, 1, 0, 1).Expect(Wire.OffsetData(1, 0, [0]))
            .Disconnect();
    }

    private static WireServer With(HandshakeStyle style) => new(new RecordingDisk(), WireServer.DefaultOptions with { Handshake = style });
}
