using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>How extents become descriptors.</summary>
public sealed class BlockStatusTests : IAsyncDisposable
{
    private const long Size = 1L << 40;
    private const long GiB = 1L << 30;

    // The longest multiple of the largest minimum block that a descriptor holds.
    private const uint Longest = 0xffff0000;

    private const ExtentFlags Hole = ExtentFlags.Hole | ExtentFlags.Zero;

    private readonly List<WireServer> _servers = [];

    [Fact]
    public void EveryStateHasItsBits()
        => Serve(list =>
        {
            list.Add(0, 100, ExtentFlags.Data);
            list.Add(100, 200, ExtentFlags.Hole);
            list.Add(300, 300, ExtentFlags.Zero);
            list.Add(600, 400, Hole);
        })
            .Request(Wire.BlockStatus, 1, 0, 1000).Expect(Wire.Status(1, (100, 0), (200, 1), (300, 2), (400, 3)))
            .Disconnect();

    [Fact]
    public void WhatLiesBeforeTheRequestIsCutAndTheLastMayReachBeyondIt()
        => Serve(list =>
        {
            list.Add(0, 1000, ExtentFlags.Data);
            list.Add(1000, 5000, Hole);
        })
            .Request(Wire.BlockStatus, 1, 600, 1000).Expect(Wire.Status(1, (400, 0), (5000, 3)))
            .Disconnect();

    [Fact]
    public void WithReqOneThereIsOneDescriptorThatEndsWithinTheRequest()
        => Serve(list =>
        {
            list.Add(0, 5000, Hole);
            list.Add(5000, 5000, ExtentFlags.Data);
        })
            .Request(Wire.BlockStatus, 1, 0, 1000, Wire.ReqOne).Expect(Wire.Status(1, (1000, 3)))
            .Request(Wire.BlockStatus, 2, 0, 6000, Wire.ReqOne).Expect(Wire.Status(2, (5000, 3)))
            .Disconnect();

    [Fact]
    public void NeighboursOfOneKindAreOneDescriptorAlsoWithReqOne()
        => Serve(list =>
        {
            for (var i = 0; i < 10 && !list.IsComplete; i++)
            {
                list.Add(i * 100, 100, ExtentFlags.Data);
            }
        })
            .Request(Wire.BlockStatus, 1, 0, 1000, Wire.ReqOne).Expect(Wire.Status(1, (1000, 0)))
            .Disconnect();

    [Theory]
    [InlineData(Longest + 1L)]
    [InlineData(Longest + 4096L)] // the request reaches beyond it, into the next extent
    [InlineData(4 * GiB - 1)]
    [InlineData(4 * GiB)]
    [InlineData(4 * GiB + 1)]
    [InlineData(100 * GiB)]
    public void AnExtentThatIsTooLongForADescriptorIsCutAndEndsTheReply(long length)
        => ServeHoleAndData(length)
            .Request(Wire.BlockStatus, 1, 0, uint.MaxValue).Expect(Wire.Status(1, (Longest, 3)))
            .Disconnect();

    [Theory]
    [InlineData(Longest)]
    [InlineData(Longest - 1)]
    public void AnExtentThatJustFitsIsFollowedByTheNext(uint length)
        => ServeHoleAndData(length)
            .Request(Wire.BlockStatus, 1, 0, uint.MaxValue).Expect(Wire.Status(1, (length, 3), (1 << 20, 0)))
            .Disconnect();

    [Fact]
    public void ALongExtentInTheMiddleIsCutAndNothingFollowsIt()
        => Serve(list =>
        {
            list.Add(0, 512, ExtentFlags.Data);
            list.Add(512, 8 * GiB, Hole);
        })
            .Request(Wire.BlockStatus, 1, 0, 4096).Expect(Wire.Status(1, (512, 0), (Longest, 3)))
            .Disconnect();

    [Fact]
    public void WithReqOneALongExtentEndsWithTheLongestRequest()
        => Serve(list => list.Add(0, 8 * GiB, Hole))
            .Request(Wire.BlockStatus, 1, 0, uint.MaxValue, Wire.ReqOne).Expect(Wire.Status(1, (Longest, 3)))
            .Disconnect();

    [Fact]
    public void ManyExtentsAreOneLongReply()
    {
        (uint Length, uint State)[] expected = [.. Enumerable.Range(0, 10_000).Select(i => (512u, i % 2 == 0 ? 0u : 3u))];

        Serve(list =>
        {
            for (var i = 0; i < expected.Length; i++)
            {
                list.Add(i * 512L, 512, i % 2 == 0 ? ExtentFlags.Data : Hole);
            }
        })
            .Request(Wire.BlockStatus, 1, 0, 10_000 * 512).Expect(Wire.Status(1, expected))
            .Disconnect();
    }

    [Fact]
    public void MoreExtentsThanAReplyTakesAreLeftForTheNextRequest()
    {
        (uint Length, uint State)[] expected = [.. Enumerable.Range(0, ExtentList.MaximumCount).Select(i => (1u, i % 2 == 0 ? 0u : 3u))];

        Serve(list =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                list.Add(i, 1, i % 2 == 0 ? ExtentFlags.Data : Hole);
            }
        })
            .Request(Wire.BlockStatus, 1, 0, 100_000).Expect(Wire.Status(1, expected))
            .Disconnect();
    }

    [Fact]
    public void TheListOfAnEarlierRequestIsForgotten()
    {
        var isFirst = true;
        Serve(list =>
        {
            if (isFirst)
            {
                list.Add(0, 10, ExtentFlags.Data);
                list.Add(10, 10, Hole);
            }

            list.Add(list.Next, 512, Hole);
            isFirst = false;
        })
            .Request(Wire.BlockStatus, 1, 0, 532).Expect(Wire.Status(1, (10, 0), (522, 3)))
            .Request(Wire.BlockStatus, 2, 1000, 512).Expect(Wire.Status(2, (512, 3)))
            .Disconnect();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private WireClient ServeHoleAndData(long length) => Serve(list =>
    {
        list.Add(0, length, Hole);
        list.Add(length, 1 << 20, ExtentFlags.Data);
    });

    private WireClient Serve(Action<ExtentList> extents)
    {
        var server = new WireServer(new RecordingDisk(Size) { Extents = extents });
        _servers.Add(server);
        return server.Connect().OpenStructured();
    }
}
