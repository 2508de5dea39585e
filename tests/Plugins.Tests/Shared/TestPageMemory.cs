namespace SharpNbd.Plugins.Tests;

/// <summary>Memory of the operating system in small chunks, which remembers what is taken and given back and can come to an end.</summary>
internal sealed class TestPageMemory : PageMemory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, long> _mapped = [];
    private readonly List<(nint Address, long Length)> _released = [];

    /// <summary>How many mappings there may be at once.</summary>
    public int MostMappings { get; set; } = int.MaxValue;

    /// <summary>Why locking is refused, or null.</summary>
    public string? LockRefusal { get; init; }

    /// <summary>How often locking was asked for.</summary>
    public int LockCount { get; private set; }

    public override int PageSize => Default.PageSize;

    public override long ChunkSize { get; } = 256 << 10;

    /// <summary>What is mapped now.</summary>
    public IReadOnlyList<(nint Address, long Length)> Mapped
    {
        get
        {
            lock (_lock)
            {
                return [.. _mapped.Select(pair => (pair.Key, pair.Value))];
            }
        }
    }

    /// <summary>What was given back page by page.</summary>
    public IReadOnlyList<(nint Address, long Length)> Released
    {
        get
        {
            lock (_lock)
            {
                return [.. _released];
            }
        }
    }

    public override nint Map(long length, bool reserve)
    {
        lock (_lock)
        {
            if (_mapped.Count >= MostMappings)
            {
                return 0;
            }

            var address = Default.Map(length, reserve);
            _mapped.Add(address, length);
            return address;
        }
    }

    public override void Unmap(nint address, long length)
    {
        lock (_lock)
        {
            Assert.True(_mapped.Remove(address, out var mapped), "what is unmapped was never mapped");
            Assert.Equal(mapped, length);
            Default.Unmap(address, length);
        }
    }

    public override void Release(nint address, long length)
    {
        Default.Release(address, length);
        lock (_lock)
        {
            _released.Add((address, length));
        }
    }

    public override string? TryLock(nint address, long length)
    {
        LockCount++;
        return LockRefusal;
    }
}
