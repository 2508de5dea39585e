using System.IO.Pipes;
using SharpNbd.Abstractions;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>Makes requests in one area of one disk and checks every answer against the model. One request at a time.</summary>
internal sealed class ContractWorker
{
    private const byte Guard = 0xA5;
    private const int LongestRequest = 300_000;
    private static readonly int[] Boundaries = [512, 4096, 32768, 65536, 1 << 20];

    private readonly Disk _disk;
    private readonly DiskCapabilities _can;
    private readonly ContractModel _model;
    private readonly ByteRange _area;
    private readonly Random _random;
    private readonly long _unit;

    public ContractWorker(Disk disk, ContractModel model, ByteRange area, Random random)
    {
        _disk = disk;
        _can = disk.Capabilities;
        _model = model;
        _random = random;
        _unit = _can.BlockSize?.Minimum ?? 1;
        _area = area with { Length = area.Length / _unit * _unit };
        Assert.True(area.Offset % _unit == 0, "the suite must cut areas at block boundaries");
    }

    /// <summary>The request under way, or the last one.</summary>
    public string Current { get; private set; } = "nothing";

    public async Task StepAsync()
    {
        if (_area.Length == 0)
        {
            return;
        }

        await (_random.Next(100) switch
        {
            < 30 => ReadAsync(RandomRange()),
            < 60 => WriteAsync(RandomRange(), RandomWriteFlags()),
            < 73 => ZeroAsync(RandomRange(), RandomZeroFlags()),
            < 82 => TrimAsync(RandomRange(), RandomWriteFlags()),
            < 85 => FlushAsync(),
            < 88 => CacheAsync(RandomRange()),
            _ => GetExtentsAsync(RandomRange(), _random.Next(2) == 0),
        });
    }

    public async Task ReadAsync(ByteRange range)
    {
        Current = $"read {range.Offset}+{range.Length}";
        const int margin = 16;
        var buffer = new byte[range.Length + (2 * margin)];
        buffer.AsSpan().Fill(Guard);
        await _disk.ReadAsync(range.Offset, buffer.AsMemory(margin, (int)range.Length), CancellationToken.None);
        Assert.False(buffer.AsSpan(0, margin).ContainsAnyExcept(Guard), "the read wrote in front of its buffer");
        Assert.False(buffer.AsSpan(buffer.Length - margin).ContainsAnyExcept(Guard), "the read wrote behind its buffer");
        _model.Check(range.Offset, buffer.AsSpan(margin, (int)range.Length));
        CheckLent(range);
        CheckPieces(range);
        CheckSpliced(range);
    }

    public async Task WriteAsync(ByteRange range, WriteFlags flags)
    {
        if (!_can.CanWrite)
        {
            return;
        }

        Current = $"write {range.Offset}+{range.Length} {flags}";
        var data = new byte[range.Length];
        _random.NextBytes(data);
        if (_random.Next(8) == 0)
        {
            data.AsSpan().Clear();
        }

        var lent = data.ToArray();
        await _disk.WriteAsync(range.Offset, lent, flags, CancellationToken.None);

        // The caller may use its buffer again: a disk that kept it would show this.
        lent.AsSpan().Fill(Guard);
        _model.Write(range.Offset, data);
    }

    public async Task ZeroAsync(ByteRange range, ZeroFlags flags)
    {
        if (!_can.CanWrite || _can.Zero == Support.None)
        {
            return;
        }

        Current = $"zero {range.Offset}+{range.Length} {flags}";
        try
        {
            await _disk.ZeroAsync(range, flags, CancellationToken.None);
        }
        catch (NbdException e) when (e.Error == NbdError.ENOTSUP)
        {
            // Nothing may have changed; the server then writes, or refuses a fast zero.
            await ReadAsync(range);
            if (flags.HasFlag(ZeroFlags.Fast))
            {
                return;
            }

            await _disk.WriteAsync(range.Offset, new byte[range.Length], WriteFlags.None, CancellationToken.None);
        }

        _model.Zero(range);
    }

    public async Task TrimAsync(ByteRange range, WriteFlags flags)
    {
        if (_can.CanWrite && _can.CanTrim)
        {
            Current = $"trim {range.Offset}+{range.Length} {flags}";
            await _disk.TrimAsync(range, flags, CancellationToken.None);
            _model.Trim(range);
        }
    }

    public async Task FlushAsync()
    {
        if (_can.CanFlush)
        {
            Current = "flush";
            await _disk.FlushAsync(CancellationToken.None);
        }
    }

    public async Task GetExtentsAsync(ByteRange range, bool firstOnly)
    {
        if (!_can.CanExtents)
        {
            return;
        }

        Current = $"extents {range.Offset}+{range.Length}{(firstOnly ? " first only" : "")}";
        var list = new ExtentList(range, firstOnly);
        await _disk.GetExtentsAsync(range, list, CancellationToken.None);
        Assert.True(list.Count > 0, "the extents call gave no extent");
        Assert.Equal(range.Offset, list.Extents[0].Offset);
        var zeroes = new List<Extent>();
        var next = range.Offset;
        foreach (var extent in list.Extents)
        {
            Assert.Equal(next, extent.Offset);
            Assert.True(extent.Length > 0, $"the extent {extent} is empty");
            Assert.True(extent.End <= _disk.Size, $"the extent {extent} reaches beyond the disk");
            next = extent.End;
            if (extent.Flags.HasFlag(ExtentFlags.Zero))
            {
                zeroes.Add(extent with { Length = Math.Min(extent.End, range.End) - extent.Offset });
            }
        }

        foreach (var extent in zeroes)
        {
            _model.CheckZero(extent);
            await CheckReadsAsZeroAsync(extent);
        }
    }

    /// <summary>What a disk lends must be what it reads.</summary>
    private unsafe void CheckLent(ByteRange range)
    {
        if (_disk.TryLend(range.Offset, (int)range.Length, out var lent))
        {
            Assert.Equal(range.Length, lent.Length);
            _model.Check(range.Offset, new ReadOnlySpan<byte>((void*)lent.Address, lent.Length));
        }
    }

    /// <summary>What a disk lends in pieces must be what it reads, and holes zeroes.</summary>
    private unsafe void CheckPieces(ByteRange range)
    {
        var pieces = new LentPieces();
        if (!_disk.TryLendPieces(range.Offset, (int)range.Length, pieces))
        {
            return;
        }

        Assert.Equal(range.Length, pieces.Length);
        var offset = range.Offset;
        foreach (var piece in pieces.Pieces)
        {
            _model.Check(
                offset, piece.Address == 0 ? new byte[piece.Length] : new ReadOnlySpan<byte>((void*)piece.Address, piece.Length));
            offset += piece.Length;
        }
    }

    /// <summary>So must be what it puts into a pipe.</summary>
    private void CheckSpliced(ByteRange range)
    {
        // What surely fits into a pipe of 16 pages, wherever in a page it begins.
        const int mostBytes = 15 * 4096;
        if (!OperatingSystem.IsLinux() || range.Length > mostBytes)
        {
            return;
        }

        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var end = new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle);
        var count = _disk.Splice(range.Offset, (int)range.Length, (int)pipe.SafePipeHandle.DangerousGetHandle());
        Assert.InRange(count, 0, (int)range.Length);
        var bytes = new byte[count];
        end.ReadExactly(bytes);
        _model.Check(range.Offset, bytes);
    }

    private async Task CacheAsync(ByteRange range)
    {
        if (_can.Cache != Support.None)
        {
            Current = $"cache {range.Offset}+{range.Length}";
            await _disk.CacheAsync(range, CancellationToken.None);
        }
    }

    private async Task CheckReadsAsZeroAsync(Extent extent)
    {
        var buffer = new byte[extent.Length];
        buffer.AsSpan().Fill(Guard);
        await _disk.ReadAsync(extent.Offset, buffer, CancellationToken.None);
        var wrong = buffer.AsSpan().IndexOfAnyExcept((byte)0);
        Assert.True(wrong < 0, $"the extent {extent} is said to be zero, but byte {extent.Offset + wrong} does not read so");
    }

    /// <summary>Odd ranges, whole pages, and ranges a few bytes from where pages and blocks meet.</summary>
    private ByteRange RandomRange()
    {
        var start = _random.NextInt64(_area.Length);
        if (_random.Next(2) == 0)
        {
            var boundary = Boundaries[_random.Next(Boundaries.Length)];
            start = Math.Clamp((start / boundary * boundary) + _random.Next(-2, 3), 0, _area.Length - 1);
        }

        var most = Math.Min(LongestRequest, _can.BlockSize?.Maximum ?? LongestRequest);
        var length = _random.Next(5) switch
        {
            0 => 1,
            1 => _random.Next(1, 32),
            2 => _random.Next(1, 10_000),
            3 => 4096 * _random.Next(1, 16),
            _ => _random.NextInt64(1, most + 1),
        };

        start = start / _unit * _unit;
        length = Math.Min((length + _unit - 1) / _unit * _unit, most / _unit * _unit);
        return new ByteRange(_area.Offset + start, Math.Min(length, _area.Length - start));
    }

    private WriteFlags RandomWriteFlags() => _can.Fua != Support.None && _random.Next(4) == 0 ? WriteFlags.Fua : WriteFlags.None;

    private ZeroFlags RandomZeroFlags()
        => (ZeroFlags)_random.Next(8)
            & ~(_can.Fua != Support.None ? ZeroFlags.None : ZeroFlags.Fua)
            & ~(_can.CanFastZero ? ZeroFlags.None : ZeroFlags.Fast);
}
