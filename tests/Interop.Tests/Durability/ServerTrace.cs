using System.Buffers.Binary;

namespace SharpNbd.Interop.Tests;

/// <summary>System calls in the order in which they ended, or, where another thread's came between, also when they began.</summary>
internal sealed class ServerTrace(IReadOnlyList<string> lines)
{
    /// <summary>The calls that were to make something stable, successful or not.</summary>
    public IEnumerable<string> Syncs => lines.Where(IsEndOfSync);

    /// <summary>Fails the test unless a call succeeded in making data stable between what changed the file and the reply.</summary>
    /// <param name="change">What the line of the call that changed the file contains.</param>
    /// <param name="cookie">The request that is answered.</param>
    public void AssertStableBeforeReply(string change, ulong cookie)
    {
        var changed = lines.ToList().FindIndex(line => line.Contains(change, StringComparison.Ordinal));
        var replied = lines.ToList().FindIndex(line => line.Contains(Reply(cookie), StringComparison.Ordinal));
        Assert.True(changed >= 0 && replied > changed, $"{change} is not followed by the reply {cookie} in\n{this}");
        Assert.True(
            lines.Take(replied).Skip(changed + 1).Any(line => IsEndOfSync(line) && line.EndsWith(" = 0", StringComparison.Ordinal)),
            $"nothing is made stable between {change} and the reply {cookie} in\n{this}");
    }

    public override string ToString() => string.Join('\n', lines);

    private static bool IsEndOfSync(string line)
        => (line.Contains(" fdatasync(", StringComparison.Ordinal) && !line.Contains("unfinished", StringComparison.Ordinal))
            || line.Contains("fdatasync resumed", StringComparison.Ordinal);

    /// <summary>The 16 bytes of a simple reply without an error, as strace writes them.</summary>
    private static string Reply(ulong cookie)
    {
        var reply = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(reply, 0x67446698);
        BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(8), cookie);
        return string.Concat(reply.Select(value => $"\\x{value:x2}"));
    }
}
