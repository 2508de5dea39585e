namespace SharpNbd.TestKit;

/// <summary>Contents for disks under test.</summary>
public static class ContractContent
{
    /// <summary>Random bytes with some longer runs of zeroes among them.</summary>
    /// <param name="size">The number of bytes.</param>
    /// <param name="random">Where they come from.</param>
    public static byte[] WithHoles(int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        for (var i = 0; i < 4; i++)
        {
            var start = random.Next(size);
            content.AsSpan(start, random.Next(size - start)).Clear();
        }

        return content;
    }
}
