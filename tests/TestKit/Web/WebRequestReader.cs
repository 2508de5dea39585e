using System.Globalization;
using System.Text;

namespace SharpNbd.TestKit;

/// <summary>Takes requests from a connection, with a body of known length or in chunks.</summary>
/// <param name="stream">The connection.</param>
/// <param name="connection">Its number.</param>
internal sealed class WebRequestReader(Stream stream, int connection)
{
    private readonly BufferedStream _stream = new(new ReadHalf(stream));

    /// <summary>The next request, or null at the end of the connection.</summary>
    public async Task<WebRequest?> ReadAsync()
    {
        if (await ReadLineAsync() is not { Length: > 0 } first)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim();
            headers[line[..colon]] = headers.TryGetValue(line[..colon], out var before) ? $"{before}, {value}" : value;
        }

        var words = first.Split(' ');
        return new WebRequest(words[0], words[1], headers, await ReadBodyAsync(headers), connection);
    }

    private async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers)
    {
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await _stream.ReadExactlyAsync(body);
        return body;
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await _stream.ReadAsync(next) == 1)
        {
            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next[0]);
        }

        return null;
    }

    /// <summary>Lets a buffer be put in front of reading while others write.</summary>
    private sealed class ReadHalf(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
