namespace SharpNbd.Client.Tests;

public sealed class ReadCoverageTests
{
    /// <summary>Compared with a list of flags, one for each byte.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ChunksInAnyOrderCoverWhatTheyCover(int seed)
    {
        var random = new Random(seed);
        var coverage = new ReadCoverage();
        for (var round = 0; round < 300; round++)
        {
            coverage.Reset();
            var cuts = Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 64)).Append(0).Append(64).Distinct().Order().ToArray();
            var chunks = cuts.Zip(cuts.Skip(1)).ToArray();
            random.Shuffle(chunks);
            var flags = new bool[64];
            foreach (var (start, end) in chunks)
            {
                coverage.Add(start, end - start);
                flags.AsSpan(start, end - start).Fill(true);
                Assert.Equal(flags.TakeWhile(flag => flag).Count(), coverage.Prefix);
            }

            Assert.Equal(64, coverage.Prefix);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void AByteThatComesTwiceIsNoticed(int seed)
    {
        var random = new Random(seed);
        var coverage = new ReadCoverage();
        for (var round = 0; round < 1000; round++)
        {
            coverage.Reset();
            var flags = new bool[40];
            var overlaps = false;
            while (!overlaps)
            {
                var start = random.Next(40);
                var length = random.Next(1, Math.Min(6, 41 - start));
                overlaps = flags.AsSpan(start, length).Contains(true);
                flags.AsSpan(start, length).Fill(true);
                if (overlaps)
                {
                    Assert.Throws<NbdConnectionException>(() => coverage.Add(start, length));
                }
                else
                {
                    coverage.Add(start, length);
                }

                if (flags.All(flag => flag))
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public void TheNumberOfGapsIsBounded()
    {
        var coverage = new ReadCoverage();
        Assert.Throws<NbdConnectionException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                coverage.Add(1 + (2 * i), 1);
            }
        });
    }
}
