using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// In every way in which the file plugin writes, a flush, and FUA on each command that has it, is answered behind a successful fdatasync.
/// StableStorageTests shows it for the plain one, with failures.
/// </summary>
public sealed class CrashTraceTests : IDisposable
{
    private const ulong Write = 0x301, WriteFua = 0x302, Trim = 0x303, Zero = 0x304, ZeroAllocated = 0x305, FlushBehindWrite = 0x306, FlushBehindTrim = 0x307,
        FlushBehindZero = 0x308;

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("cache=none")]
    [InlineData("fadvise=sequential")]
    [InlineData("dir=")]
    [InlineData("fd=3")]
    [InlineData("--filter=log")]
    public async Task WhatIsAcknowledgedAsStableIsSynchronizedBefore(string mode)
    {
        var disk = DiskServer.Sparse(_directory["disk"], 1 << 20);
        string[] arguments = mode switch
        {
            "dir=" => ["file", $"dir={_directory.Path}"],
            "fd=3" => ["file", "fd=3"],
            "--filter=log" => ["--filter=log", "file", disk, $"logfile={_directory["log"]}"],
            _ => ["file", disk, mode],
        };
        string[] through = mode == "fd=3" ? ["/bin/sh", "-c", $"exec 3<>{disk}; exec \"$@\"", "sh"] : [];
        await using var server = await TracedServer.StartThroughAsync(through, inject: null, arguments);
        using (var client = RawClient.Open(server.SocketPath, mode == "dir=" ? "disk" : ""))
        {
            Done(client, () => client.SendWrite(WriteFua, 0x1000, new byte[1111], (ushort)Wire.Fua));
            Done(client, () => client.Send(RawClient.Trim, Trim, 0x3000, 0x2000, (ushort)Wire.Fua));
            Done(client, () => client.Send(RawClient.WriteZeroes, Zero, 0x6000, 0x3000, (ushort)Wire.Fua));
            Done(client, () => client.Send(RawClient.WriteZeroes, ZeroAllocated, 0xa000, 0x4000, (ushort)(Wire.Fua | Wire.NoHole)));
            Done(client, () => client.SendWrite(Write, 0x10000, new byte[2222]));
            Done(client, () => client.Send(RawClient.Flush, FlushBehindWrite, 0, 0));
            Done(client, () => client.Send(RawClient.Trim, Write, 0x20000, 0x5000));
            Done(client, () => client.Send(RawClient.Flush, FlushBehindTrim, 0, 0));
            Done(client, () => client.Send(RawClient.WriteZeroes, Write, 0x30000, 0x6000));
            Done(client, () => client.Send(RawClient.Flush, FlushBehindZero, 0, 0));
        }

        var trace = await server.StopAsync();
        trace.AssertStableBeforeReply($", 1111, {0x1000}", WriteFua);
        trace.AssertStableBeforeReply($", {0x3000}, {0x2000}", Trim);
        trace.AssertStableBeforeReply($", {0x6000}, {0x3000}", Zero);
        trace.AssertStableBeforeReply($", {0xa000}, {0x4000}", ZeroAllocated);
        trace.AssertStableBeforeReply($", 2222, {0x10000}", FlushBehindWrite);
        trace.AssertStableBeforeReply($", {0x20000}, {0x5000}", FlushBehindTrim);
        trace.AssertStableBeforeReply($", {0x30000}, {0x6000}", FlushBehindZero);
    }

    [Fact]
    public async Task ZeroesThatHaveToBeWrittenAreSynchronizedToo()
    {
        // A file system that can neither punch holes nor zero.
        using var mount = MountedFileSystem.Ramfs();
        var disk = Path.Combine(mount.Path, "disk");
        await File.WriteAllBytesAsync(disk, Wire.Filled(1 << 20, 7));
        await using var server = await TracedServer.StartAsync(inject: null, "file", disk);
        using (var client = RawClient.Open(server.SocketPath))
        {
            Done(client, () => client.Send(RawClient.WriteZeroes, Zero, 0x6000, 0x3000, (ushort)Wire.Fua));
        }

        (await server.StopAsync()).AssertStableBeforeReply($", {0x3000}, {0x6000}", Zero);
        Assert.Equal(0x3000, (await File.ReadAllBytesAsync(disk)).Count(value => value == 0));
    }

    public void Dispose() => _directory.Dispose();

    private static void Done(RawClient client, Action ask)
    {
        ask();
        Assert.Equal(0u, client.Receive().Error);
    }
}
