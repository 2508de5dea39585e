using CsCheck;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>
/// Whatever a client says ends in replies, an error or a close that the protocol allows, with nothing left behind. Longer with
/// <c>CsCheck_Time=600</c> (seconds for each test) or <c>CsCheck_Iter=100000</c> in the environment; a failure names the
/// <c>CsCheck_Seed</c> that repeats it.
/// </summary>
public sealed class AnyBytesTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[2, 400];

    // Bytes that are nearly a conversation go further than any others.
    private static readonly byte[][] Pieces =
    [
        Wire.U32(3), [.. "IHAVEOPT"u8], Wire.U32(0), Wire.U32(6), Wire.U32(7), Wire.U32(1), Wire.U16(0), Wire.U16(1), Wire.U64(0), Wire.U64(4096),
        Wire.Option(Wire.StructuredReply, []), Wire.Option(Wire.ExtendedHeaders, []), Wire.Option(Wire.StartTls, []), Wire.Option(Wire.List, []),
        Wire.Option(Wire.Go, Wire.InfoData("", 3)), Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")),
        Wire.Request(Wire.Read, 1, 0, 512), Wire.Request(Wire.Write, 2, 512, 4), Wire.Request(Wire.BlockStatus, 3, 0, 9999),
        ExtendedWire.Request(Wire.Read, 4, 0, 512), ExtendedWire.Request(Wire.Write, 5, 0, 4, Wire.PayloadLen), ExtendedWire.Request(Wire.Trim, 6, 0, 1UL << 40),
    ];

    private static readonly Gen<byte[]> NearlyAConversation =
        Gen.Select(Gen.Byte.Array[2], Gen.Frequency((9, Mistakes.OneOf(Pieces)), (1, Gen.Byte.Array[1, 8])).Array[1, 40])
            .Select((world, pieces) => (byte[])[.. world, .. pieces.SelectMany(piece => piece)]);

    public static TheoryData<string> Targets => CorpusTests.Targets;

    /// <summary>How often a property is tried, where the environment does not say.</summary>
    internal static long Rounds
        => Environment.GetEnvironmentVariable("CsCheck_Iter") is null && Environment.GetEnvironmentVariable("CsCheck_Time") is null ? 500 : -1;

    [Theory]
    [MemberData(nameof(Targets))]
    public void AnyBytesEndInRepliesAnErrorOrAClose(string name)
    {
        var target = FuzzTarget.Find(name)!;
        Gen.Frequency((1, Bytes), (3, NearlyAConversation)).Sample(input => target.Run(input), iter: Rounds, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void AConversationWithOneMistakeDoesToo(string name)
    {
        var target = FuzzTarget.Find(name)!;
        Mistakes.Of(target).Sample(input => target.Run(input), iter: Rounds, threads: 1);
    }
}
