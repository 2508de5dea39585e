namespace SharpNbd.Plugins;

/// <summary>Reads what has no known length.</summary>
internal static class DataStream
{
    private const int LongestRead = 1 << 30;

    /// <summary>Reads as much as matters.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many bytes matter.</param>
    /// <param name="place">Where the stream is mentioned.</param>
    /// <returns>The bytes, and whether the stream had ended.</returns>
    /// <exception cref="DataException">There are more bytes than are held in memory.</exception>
    public static (byte[] Bytes, bool IsEnd) Read(Stream stream, long limit, DataPlace place)
    {
        var content = new MemoryStream();
        var buffer = new byte[65536];
        while (content.Length < limit)
        {
            var length = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - content.Length));
            if (length == 0)
            {
                return (content.ToArray(), true);
            }

            content.Write(buffer, 0, length);
            if (content.Length > LongestRead)
            {
                throw new DataException(place, $"this gives more than {LongestRead} bytes; take a part of it with [:N]");
            }
        }

        return (content.ToArray(), false);
    }
}
