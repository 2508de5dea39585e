using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Runs scripts in libnbd's shell: <c>h</c> is a handle, <c>uri</c> the server, and a failed assertion fails the test.</summary>
internal static class Nbdsh
{
    private const string Prelude = """
        def errno_of(action):
            try:
                action()
                return "OK"
            except nbd.Error as failure:
                return failure.errno
        def extents(h, count, offset, flags=0):
            found = []
            h.block_status(count, offset, lambda context, at, entries, error: found.extend(entries), flags)
            return [tuple(found[i:i + 2]) for i in range(0, len(found), 2)]
        """;

    public static async Task<string> RunAsync(string uri, string script)
    {
        var nbdsh = await Tool.RequireNbdshAsync();
        return await nbdsh.OutputAsync("-c", Prelude, "-c", $"uri = '{uri}'", "-c", script);
    }
}
