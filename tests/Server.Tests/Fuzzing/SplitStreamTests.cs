using CsCheck;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>In which pieces a stream arrives is nobody's business: a client is told the same bytes.</summary>
public sealed class SplitStreamTests
{
    private const byte TlsOn = 2;
    private const byte Late = 2;
    private const byte Lending = 4;

    public static TheoryData<string> Targets => CorpusTests.Targets;

    [Theory]
    [MemberData(nameof(Targets))]
    public void SplittingTheStreamAnywhereChangesNothing(string name)
    {
        var target = FuzzTarget.Find(name)!;
        Gen.Select(Mistakes.Of(target), Gen.Int[1, 600], Gen.Bool).Sample(
            (input, chunk, isSocket) =>
            {
                // Only what depends on the moment may differ: which reply is late, what a lent page shows, and what came with STARTTLS.
                input[0] &= name == "handshake" ? unchecked((byte)~TlsOn) : unchecked((byte)~(Late | Lending));
                Assert.Equal(target.Run(input, chunk: 0, isSocket: true), target.Run(input, chunk, isSocket));
            },
            iter: AnyBytesTests.Rounds, threads: 1);
    }
}
