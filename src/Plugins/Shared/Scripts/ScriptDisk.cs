using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk whose every request is a run of the script.</summary>
/// <param name="host">What runs the script.</param>
/// <param name="handle">What the script calls this connection.</param>
/// <param name="request">What the connection asked for.</param>
internal sealed class ScriptDisk(ScriptHost host, string handle, OpenRequest request) : Disk
{
    public required long ScriptSize { get; init; }

    public required DiskCapabilities ScriptCapabilities { get; init; }

    public required string? ScriptDescription { get; init; }

    /// <inheritdoc/>
    public override long Size => ScriptSize;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => ScriptCapabilities;

    /// <inheritdoc/>
    public override string? Description => ScriptDescription;

    /// <inheritdoc/>
    public override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var call = Call(ScriptMethods.Read, new ByteRange(offset, buffer.Length), null, cancellationToken, output: new ProgramOutput(buffer));
        var answer = await host.RunAsync(call);
        answer.Require();
        if (answer.Output.HasOverflown || answer.Output.Length < buffer.Length)
        {
            throw answer.NotUnderstood(
                $"{(answer.Output.HasOverflown ? "more" : answer.Output.Length)} bytes instead of the {buffer.Length} that were asked for");
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => (await host.RunAsync(Call(ScriptMethods.Write, new ByteRange(offset, data.Length), Words(flags), cancellationToken, data))).Require();

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
        => _ = (await host.RunAsync(NewCall(ScriptMethods.Flush, [handle], cancellationToken))).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => _ = (await host.RunAsync(Call(ScriptMethods.Trim, range, Words(flags), cancellationToken))).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        var answer = await host.RunAsync(Call(ScriptMethods.Zero, range, Words(flags), cancellationToken));
        if (!answer.IsGiven)
        {
            throw new NbdException(NbdError.ENOTSUP, $"{answer.Script}: the method zero is missing");
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => _ = (await host.RunAsync(Call(ScriptMethods.Cache, range, null, cancellationToken))).IsGiven;

    /// <inheritdoc/>
    public override async ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        var answer = await host.RunAsync(Call(ScriptMethods.Extents, range, extents.FirstOnly ? "req_one" : "", cancellationToken));
        if (answer.IsGiven)
        {
            ScriptNumbers.AddExtents(answer, extents);
        }
        else
        {
            extents.Add(range.Offset, range.Length, ExtentFlags.Data);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync() => _ = (await CloseAsync(host, handle, request)).IsGiven;

    /// <summary>Lets the script forget a connection; it is run also when the client is gone.</summary>
    public static Task<ScriptAnswer> CloseAsync(ScriptHost host, string handle, OpenRequest request)
        => host.RunAsync(new ScriptCall(ScriptMethods.Close, handle)
        {
            Abandoned = request.ConnectionClosed,
            Patience = ScriptHost.VanishedPatience,
            IsCleanup = true,
        });

    private static string Words(WriteFlags flags) => (flags & WriteFlags.Fua) != 0 ? "fua" : "";

    // The order of the words is nbdkit's.
    private static string Words(ZeroFlags flags) => flags switch
    {
        ZeroFlags.None => "",
        ZeroFlags.Fua => "fua",
        ZeroFlags.MayTrim => "may_trim",
        ZeroFlags.Fua | ZeroFlags.MayTrim => "fua,may_trim",
        ZeroFlags.Fast => "fast",
        ZeroFlags.Fua | ZeroFlags.Fast => "fua,fast",
        ZeroFlags.MayTrim | ZeroFlags.Fast => "may_trim,fast",
        _ => "fua,may_trim,fast",
    };

    // Methods without flags get one argument less.
    private ScriptCall Call(
        string method, ByteRange range, string? flags, CancellationToken cancellationToken, ReadOnlyMemory<byte>? input = null, ProgramOutput? output = null)
    {
        var count = range.Length.ToString(CultureInfo.InvariantCulture);
        var offset = range.Offset.ToString(CultureInfo.InvariantCulture);
        return NewCall(method, flags is null ? [handle, count, offset] : [handle, count, offset, flags], cancellationToken, input, output);
    }

    private ScriptCall NewCall(
        string method, string[] arguments, CancellationToken cancellationToken, ReadOnlyMemory<byte>? input = null, ProgramOutput? output = null)
        => new(method, arguments)
        {
            Input = input,
            Output = output ?? ScriptCall.TextOutput(),
            Abandoned = cancellationToken,
            Patience = ScriptHost.VanishedPatience,
            Disconnect = request.Disconnect,
        };
}
