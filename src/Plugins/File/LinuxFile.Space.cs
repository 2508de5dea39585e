using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <content>Trim and zero. What the file system or device does not know is tried once for each opening.</content>
internal sealed unsafe partial class LinuxFile
{
    private readonly BlockDevice _block;
    private volatile bool _canPunchHole = true;
    private volatile bool _canZeroRange = true;
    private volatile bool _canAllocate = true;
    private volatile bool _canZeroOut = true;
    private volatile bool _canDiscard = true;

    public override void Trim(ByteRange range)
    {
        var whole = _isBlockDevice ? WholeSectors(range) : range;
        if (whole.Length > 0 && !TryPunchHole(whole) && _isBlockDevice && _canDiscard)
        {
            _canDiscard = TryDeviceRange(Libc.BlockDiscard, whole);
        }
    }

    public override void Zero(ByteRange range, ZeroFlags flags)
    {
        if (!_isBlockDevice)
        {
            ZeroFile(range, flags);
            return;
        }

        // First the sectors, so that nothing has changed when they cannot be zeroed; then less than a sector on either side.
        var whole = WholeSectors(range);
        if (whole.Length == 0)
        {
            WriteZeroes(range.Offset, range.End);
            return;
        }

        ZeroSectors(whole, flags);
        WriteZeroes(range.Offset, whole.Offset);
        WriteZeroes(whole.End, range.End);
    }

    private void ZeroFile(ByteRange range, ZeroFlags flags)
    {
        if ((flags & ZeroFlags.MayTrim) != 0 && TryPunchHole(range))
        {
            return;
        }

        if (TryZeroRange(range))
        {
            return;
        }

        // As tmpfs needs it: the space is given back and taken again.
        if (_canAllocate && TryPunchHole(range))
        {
            _canAllocate = TryAllocate(0, range);
            if (_canAllocate)
            {
                return;
            }
        }

        throw CannotZero();
    }

    private void ZeroSectors(ByteRange range, ZeroFlags flags)
    {
        // The kernel refuses this unless the device does it by itself.
        if ((flags & ZeroFlags.MayTrim) != 0 && TryPunchHole(range))
        {
            return;
        }

        // These two make the kernel write the zeroes where the device cannot: still better than we, but not fast.
        if ((flags & ZeroFlags.Fast) != 0 && !_block.CanZeroFast)
        {
            throw CannotZero();
        }

        if (TryZeroRange(range))
        {
            return;
        }

        _canZeroOut = _canZeroOut && TryDeviceRange(Libc.BlockZeroOut, range);
        if (!_canZeroOut)
        {
            throw CannotZero();
        }
    }

    private bool TryPunchHole(ByteRange range)
        => _canPunchHole && (_canPunchHole = TryAllocate(Libc.PunchHole | Libc.KeepSize, range));

    private bool TryZeroRange(ByteRange range) => _canZeroRange && (_canZeroRange = TryAllocate(Libc.ZeroRange, range));

    /// <summary>False when neither this nor another range will ever do.</summary>
    private bool TryAllocate(int mode, ByteRange range)
    {
        while (Libc.Allocate(_descriptor, mode, range.Offset, range.Length) != 0)
        {
            switch (Errno.Last)
            {
                case Errno.EINTR:
                    break;
                case Errno.EOPNOTSUPP or Errno.ENOSYS or Errno.ENODEV:
                    return false;
                default:
                    throw Errno.Exception(Errno.Last, $"cannot change the space of {DisplayName} at {range.Offset}");
            }
        }

        return true;
    }

    private bool TryDeviceRange(nuint request, ByteRange range)
    {
        var argument = stackalloc ulong[] { (ulong)range.Offset, (ulong)range.Length };
        while (Libc.DeviceControl(_descriptor, request, argument) != 0)
        {
            switch (Errno.Last)
            {
                case Errno.EINTR:
                    break;
                case Errno.EOPNOTSUPP or Errno.ENOTTY:
                    return false;
                default:
                    throw Errno.Exception(Errno.Last, $"cannot change the space of {DisplayName} at {range.Offset}");
            }
        }

        return true;
    }

    private ByteRange WholeSectors(ByteRange range)
    {
        var start = RoundUp(range.Offset);
        return new ByteRange(start, Math.Max(0, range.End - (range.End % _block.SectorSize) - start));
    }

    private long RoundUp(long offset) => offset + ((_block.SectorSize - (offset % _block.SectorSize)) % _block.SectorSize);

    /// <summary>Never more than two sectors, and nothing where the end lies at the start.</summary>
    private void WriteZeroes(long start, long end)
    {
        Span<byte> zeroes = stackalloc byte[4096];
        zeroes.Clear();
        for (var offset = start; offset < end; offset += zeroes.Length)
        {
            Write(offset, zeroes[..(int)Math.Min(zeroes.Length, end - offset)]);
        }
    }

    private NbdException CannotZero() => new(NbdError.ENOTSUP, $"zeroes have to be written to {DisplayName}");
}
