using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class EvalPluginTests
{
    private const string Size = "get_size=echo 1M";
    private const string Zeroes = "pread=head -c $3 /dev/zero";

    [Theory]
    [InlineData("echo 1048576", 1 << 20)]
    [InlineData("echo 1M", 1 << 20)]
    [InlineData("printf 3s", 1536)]
    [InlineData("echo ' 1k'", 1024)]
    [InlineData("echo noise >&2; echo 1", 1)]
    public async Task ASizeIsReadAsOnTheCommandLine(string script, long size)
    {
        await using var disk = await PluginRunner.OpenAsync(new EvalPlugin(), $"get_size={script}", Zeroes);
        Assert.Equal(size, disk.Size);
    }

    [Theory]
    [InlineData("exit 2", "the method get_size is missing")]
    [InlineData("exit 3", "status 3")]
    [InlineData("exit 1", "get_size ended with status 1")]
    [InlineData("kill -9 $$", "get_size was killed by signal 9")]
    [InlineData("echo", "get_size wrote ''")]
    [InlineData("echo '1M '", "a size is a decimal number")]
    [InlineData("echo -1", "a size is a decimal number")]
    [InlineData("echo 'EINVAL the disk is broken' >&2; exit 1", "the disk is broken")]
    public async Task AWrongSizeIsNamed(string script, string message)
        => Assert.Contains(message, (await OpenFailsAsync($"get_size={script}", Zeroes)).Message, StringComparison.Ordinal);

    /// <summary>The names and numbers are those of nbdkit 1.32.5, as a client saw them.</summary>
    [Theory]
    [InlineData("echo ENOSPC Out of space >&2; exit 1", NbdError.ENOSPC, "pread: Out of space")]
    [InlineData("echo enospc Out of space >&2; exit 1", NbdError.ENOSPC, "pread: Out of space")]
    [InlineData("echo ENOSPC >&2; exit 1", NbdError.ENOSPC, "pread: pread ended with status 1")]
    [InlineData("printf 'ENOSPC\\ta b \\nmore\\n' >&2; exit 1", NbdError.ENOSPC, "pread: a b")]
    [InlineData("echo EROFS x >&2; exit 1", NbdError.EPERM, "pread: x")]
    [InlineData("echo EFBIG x >&2; exit 1", NbdError.ENOSPC, "pread: x")]
    [InlineData("echo EDQUOT x >&2; exit 1", NbdError.ENOSPC, "pread: x")]
    [InlineData("echo EOPNOTSUPP x >&2; exit 1", NbdError.ENOTSUP, "pread: x")]
    [InlineData("echo ESHUTDOWN x >&2; exit 1", NbdError.ESHUTDOWN, "pread: x")]
    [InlineData("echo ENOSPCx y >&2; exit 1", NbdError.EIO, "pread: ENOSPCx y")]
    [InlineData("echo ' ENOSPC' >&2; exit 1", NbdError.EIO, "pread: ENOSPC")]
    [InlineData("echo ENOENT x >&2; exit 77", NbdError.EIO, "pread: ENOENT x")]
    [InlineData("echo EINVAL x >&2; exit 15", NbdError.EINVAL, "pread: x")]
    [InlineData("exit 1", NbdError.EIO, "pread: pread ended with status 1")]
    [InlineData("exit 2", NbdError.EIO, "pread: the method pread is missing (status 2), which every script must have")]
    [InlineData("kill -9 $$", NbdError.EIO, "pread: pread was killed by signal 9")]
    [InlineData("head -c 511 /dev/zero", NbdError.EIO, "pread: pread wrote 511 bytes instead of the 512 that were asked for")]
    [InlineData("head -c 513 /dev/zero", NbdError.EIO, "pread: pread wrote more bytes instead of the 512 that were asked for")]
    [InlineData("exec cat /dev/zero", NbdError.EIO, "pread: pread was killed by signal 13")]
    public async Task AReadThatFailsHasTheErrorThatTheScriptNames(string script, NbdError error, string message)
    {
        await using var disk = await PluginRunner.OpenAsync(new EvalPlugin(), Size, $"pread={script}");
        var failure = await Assert.ThrowsAsync<NbdException>(() => disk.ReadAsync(0, new byte[512], CancellationToken.None).AsTask());
        Assert.Equal(message, failure.Message);
        Assert.Equal(error, failure.Error);
    }

    [Fact]
    public async Task AScriptMaySayMoreOnStandardErrorThanAPipeHoldsAndStillSucceed()
    {
        await using var disk = await PluginRunner.OpenAsync(
            new EvalPlugin(), Size, "pread=head -c 1000000 /dev/zero >&2; head -c $3 /dev/zero");
        await disk.ReadAsync(0, new byte[512], CancellationToken.None);
    }

    [Fact]
    public async Task AWriteMayBeLongerThanAPipeHoldsAndMayBeIgnored()
    {
        using var directory = new TemporaryDirectory();
        var data = new byte[300_000];
        new Random(1).NextBytes(data);
        await using var disk = await PluginRunner.OpenAsync(
            new EvalPlugin(), Size, Zeroes, $"pwrite=[ $4 = 0 ] || exit 0; sleep 0.01; cat > {directory["data"]}");

        await disk.WriteAsync(0, data, WriteFlags.None, CancellationToken.None);
        await disk.WriteAsync(512, data, WriteFlags.None, CancellationToken.None);

        Assert.Equal(data, File.ReadAllBytes(directory["data"]));
    }

    [Fact]
    public async Task WhatThereIsAScriptForIsOffered()
    {
        await using var disk = await PluginRunner.OpenAsync(
            new EvalPlugin(), Size, Zeroes, "pwrite=exit 0", "flush=exit 0", "trim=exit 0", "zero=exit 0", "cache=exit 0", "extents=exit 0",
            "missing=case $1 in can_f*) exit 2;; can_*) exit 3;; *) exit 2;; esac");
        Assert.Equal(
            new DiskCapabilities
            {
                CanWrite = true, CanFlush = true, CanTrim = true, CanExtents = true, Zero = Support.Native, Cache = Support.Native, Fua = Support.Emulated,
            },
            disk.Capabilities);
    }

    [Fact]
    public async Task NothingIsOfferedThatThereIsNoScriptFor()
    {
        await using var disk = await PluginRunner.OpenAsync(new EvalPlugin(), Size, Zeroes);
        Assert.Equal(new DiskCapabilities(), disk.Capabilities);
        Assert.Null(disk.Description);
    }

    [Fact]
    public async Task EverythingAScriptTellsIsKnown()
    {
        await using var disk = await PluginRunner.OpenAsync(
            new EvalPlugin(), "open=echo a b", "get_size=[ \"$2\" = 'a b' ] && echo 1M", Zeroes, "export_description=echo two words", "block_size=echo 512 4k  32M",
            "is_rotational=exit 0", "can_multi_conn=exit 0", "can_write=exit 0", "can_fua=echo native", "can_cache=echo emulate", "can_zero=exit 0", "can_fast_zero=exit 0");
        Assert.Equal("two words", disk.Description);
        Assert.Equal(
            new DiskCapabilities
            {
                CanWrite = true, CanMultiConn = true, IsRotational = true, Fua = Support.Native, Cache = Support.Emulated,
                Zero = Support.Native, CanFastZero = true, BlockSize = new BlockSize(512, 4096, 32 << 20),
            },
            disk.Capabilities);
    }

    [Theory]
    [InlineData("can_write=exit 1", "can_write ended with status 1")]
    [InlineData("can_cache=echo maybe", "can_cache wrote 'maybe', and one of none, emulate and native is needed")]
    [InlineData("block_size=echo 512 4096", "three sizes are needed")]
    [InlineData("block_size=echo 3 4096 1M", "power of two")]
    [InlineData("open=echo EPERM go away >&2; exit 1", "open: go away")]
    public async Task AnAnswerThatMeansNothingRefusesTheConnection(string script, string message)
        => Assert.Contains(message, (await OpenFailsAsync(Size, Zeroes, script)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("echo 0 1M", "0+1048576 Data")]
    [InlineData("echo 0 512k; echo 512k 512k hole,zero", "0+524288 Data, 524288+524288 Hole, Zero")]
    [InlineData("echo 0 512k 2; echo 512k 512k 1", "0+524288 Zero, 524288+524288 Hole")]
    [InlineData("exit 2", "0+1048576 Data")]
    public async Task ExtentsAreReadInEachForm(string script, string expected)
    {
        await using var disk = await PluginRunner.OpenAsync(new EvalPlugin(), Size, Zeroes, $"extents={script}");
        var extents = new ExtentList(new ByteRange(0, 1 << 20));
        await disk.GetExtentsAsync(extents.Range, extents, CancellationToken.None);
        Assert.Equal(expected, string.Join(", ", extents.Extents.ToArray().Select(extent => $"{extent.Offset}+{extent.Length} {extent.Flags}")));
    }

    [Theory]
    [InlineData("echo 0", "offset, length")]
    [InlineData("echo 0 1M what", "made of the words hole and zero")]
    [InlineData("echo 1k 1k", "leaves a gap")]
    [InlineData("echo 0 x", "a size is")]
    public async Task ExtentsThatMeanNothingAreAnError(string script, string message)
    {
        await using var disk = await PluginRunner.OpenAsync(new EvalPlugin(), Size, Zeroes, $"extents={script}");
        var extents = new ExtentList(new ByteRange(0, 1 << 20));
        var failure = await Assert.ThrowsAsync<NbdException>(() => disk.GetExtentsAsync(extents.Range, extents, CancellationToken.None).AsTask());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("printf 'NAMES\\na\\nb\\n'", "a:, b:", "a")]
    [InlineData("printf 'INTERLEAVED\\na\\nda\\nb\\n'", "a:da, b:", "a")]
    [InlineData("printf 'NAMES+DESCRIPTIONS\\na\\nb\\nda\\ndb\\n'", "a:da, b:db", "a")]
    [InlineData("printf 'a\\nb'", "a:, b:", "a")]
    [InlineData("echo NAMES", "", "")]
    [InlineData("exit 2", ":", "")]
    public async Task ExportsAreListedInEachForm(string script, string expected, string first)
    {
        await using var source = await PluginRunner.CreateAsync(new EvalPlugin(), Size, Zeroes, $"list_exports={script}", $"default_export={script}");
        var exports = await source.ListExportsAsync(default, CancellationToken.None);
        Assert.Equal(expected, string.Join(", ", exports.Select(export => $"{export.Name}:{export.Description}")));
        Assert.Equal(first, await source.GetDefaultExportAsync(default, CancellationToken.None));
    }

    [Theory]
    [InlineData("echo parallel", ThreadModel.Parallel)]
    [InlineData("echo serialize_requests", ThreadModel.SerializeRequests)]
    [InlineData("echo serialize_connections", ThreadModel.SerializeConnections)]
    [InlineData("echo whatever", ThreadModel.SerializeAllRequests)]
    [InlineData("exit 2", ThreadModel.SerializeAllRequests)]
    public async Task TheThreadModelIsWhatTheScriptSays(string script, ThreadModel expected)
    {
        await using var source = await PluginRunner.CreateAsync(new EvalPlugin(), Size, Zeroes, $"thread_model={script}");
        Assert.Equal(expected, source.ThreadModel);
    }

    [Theory]
    [InlineData("unknown parameter 'x': eval has no method config, which would take it", "x=1")]
    [InlineData("the method get_size is given more than once", Size)]
    [InlineData("config: no x here", "config=echo EINVAL no $2 here >&2; exit 1", "x=1")]
    [InlineData("config_complete: file= is missing", "config_complete=echo file= is missing >&2; exit 1")]
    public async Task AWrongStartIsNamedInOneLine(string message, params string[] words)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => PluginRunner.CreateAsync(new EvalPlugin(), [Size, Zeroes, .. words]).AsTask());
        Assert.True(failure is ParameterException or NbdException, $"{failure}");
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task TheDirectoryIsThereFromTheFirstMethodToTheLast()
    {
        using var directory = new TemporaryDirectory();
        var source = await PluginRunner.CreateAsync(
            new EvalPlugin(), Size, Zeroes, "config=echo $3 > $tmpdir/$2", $"unload=cat $tmpdir/key > {directory["value"]}; echo $tmpdir > {directory["path"]}", "key=hello");

        await source.DisposeAsync();

        Assert.Equal("hello\n", File.ReadAllText(directory["value"]));
        Assert.False(Directory.Exists(File.ReadAllText(directory["path"]).Trim()));
    }

    private static async Task<NbdException> OpenFailsAsync(params string[] words)
        => await Assert.ThrowsAsync<NbdException>(() => PluginRunner.OpenAsync(new EvalPlugin(), words).AsTask());
}
