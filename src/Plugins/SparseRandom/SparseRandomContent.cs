namespace SharpNbd.Plugins;

/// <summary>What a sparse random disk holds.</summary>
/// <param name="random">Where its bytes come from.</param>
/// <param name="runs">Where it has data and where holes.</param>
/// <param name="isEveryByteRandom">Whether a block is more than one byte repeated, which is faster to make and to check.</param>
internal sealed class SparseRandomContent(RandomContent random, RandomRuns runs, bool isEveryByteRandom)
{
    /// <summary>The run of data or hole that holds a byte, as far as it is known without going on.</summary>
    public RandomRun RunAt(long offset) => runs.At(offset);

    /// <summary>Fills a buffer that lies inside one run of data.</summary>
    public void FillData(long offset, Span<byte> buffer)
    {
        if (isEveryByteRandom)
        {
            random.Fill(offset, buffer);
            return;
        }

        while (!buffer.IsEmpty)
        {
            var length = UpToEndOfBlock(offset, buffer.Length);
            buffer[..length].Fill(ByteOf(offset));
            offset += length;
            buffer = buffer[length..];
        }
    }

    /// <summary>Tells whether these are the bytes of a range that lies inside one run of data.</summary>
    public bool MatchesData(long offset, ReadOnlySpan<byte> data)
    {
        if (isEveryByteRandom)
        {
            return random.Matches(offset, data);
        }

        while (!data.IsEmpty)
        {
            var length = UpToEndOfBlock(offset, data.Length);
            if (data[..length].ContainsAnyExcept(ByteOf(offset)))
            {
                return false;
            }

            offset += length;
            data = data[length..];
        }

        return true;
    }

    private static int UpToEndOfBlock(long offset, int length)
        => (int)Math.Min(RandomRuns.BlockSize - (offset % RandomRuns.BlockSize), length);

    /// <summary>The byte of a block; never 0, so that data cannot be taken for a hole.</summary>
    private byte ByteOf(long offset) => (byte)(1 + (random[offset / RandomRuns.BlockSize] % 255));
}
