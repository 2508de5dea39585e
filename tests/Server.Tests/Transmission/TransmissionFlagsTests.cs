using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What a client is told that the export can do, bit by bit.</summary>
public sealed class TransmissionFlagsTests
{
    // The bits of the specification: NBD_FLAG_HAS_FLAGS, READ_ONLY, and so on.
    private const int HasFlags = 1, ReadOnly = 2, Flush = 4, Fua = 8, Rotational = 16, Trim = 32, Zeroes = 64, MultiConn = 256, Cache = 1024, FastZero = 2048;

    private static readonly DiskCapabilities Writable = new() { CanWrite = true };

    public static TheoryData<DiskCapabilities, int> Capabilities => new()
    {
        { Writable, 0 },
        { Writable with { CanFlush = true }, Flush },
        { Writable with { Fua = Support.Native }, Fua },
        { Writable with { Fua = Support.Emulated }, Fua },
        { Writable with { IsRotational = true }, Rotational },
        { Writable with { CanTrim = true }, Trim },
        { Writable with { Zero = Support.Native }, Zeroes },
        { Writable with { Zero = Support.Emulated }, Zeroes },
        { Writable with { CanMultiConn = true }, MultiConn },
        { Writable with { Cache = Support.Native }, Cache },
        { Writable with { Cache = Support.Emulated }, Cache },
        { Writable with { Zero = Support.Native, CanFastZero = true }, Zeroes | FastZero },
        { Writable with { CanFastZero = true }, 0 }, // of nothing
    };

    [Theory]
    [MemberData(nameof(Capabilities), DisableDiscoveryEnumeration = true)]
    public Task WhatTheDiskCanIsOffered(DiskCapabilities capabilities, int flags) => AssertFlagsAsync(capabilities, HasFlags | flags);

    [Fact]
    public Task ADiskThatCanNothingIsReadOnly() => AssertFlagsAsync(new DiskCapabilities(), HasFlags | ReadOnly);

    [Fact]
    public Task ADiskThatCanEverythingOffersAllButResize()
        => AssertFlagsAsync(
            RecordingDisk.Everything with { IsRotational = true },
            HasFlags | Flush | Fua | Rotational | Trim | Zeroes | MultiConn | Cache | FastZero);

    [Fact]
    public Task AReadOnlyServerOffersNoChanges()
        => AssertFlagsAsync(
            RecordingDisk.Everything, HasFlags | ReadOnly | Flush | MultiConn | Cache, WireServer.DefaultOptions with { ReadOnly = true });

    private static async Task AssertFlagsAsync(DiskCapabilities capabilities, int flags, NbdServerOptions? options = null)
    {
        await using var server = new WireServer(new RecordingDisk { OfferedCapabilities = capabilities }, options);
        server.Connect().Greet()
            .Option(Wire.Go, Wire.InfoData(""))
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), .. Wire.U16(flags)])
            .ExpectReply(Wire.Go, Wire.Ack)
            .Disconnect();
    }
}
