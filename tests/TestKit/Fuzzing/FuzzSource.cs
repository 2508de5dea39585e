using System.Runtime.InteropServices;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>The exports of a fuzzed server, all of one content, which begins anew for every input.</summary>
internal sealed class FuzzSource : DiskSource, IDisposable
{
    /// <summary>What can be opened.</summary>
    public static readonly string[] Names = ["", "a", "ü"];

    private static readonly byte[] Initial = MakeInitial();

    private GCHandle _pin;

    public FuzzSource(FuzzWorld world, byte[] content)
    {
        World = world;
        Content = content;
        Initial.CopyTo(content, 0);
        _pin = GCHandle.Alloc(content, GCHandleType.Pinned);
    }

    public FuzzWorld World { get; }

    public byte[] Content { get; }

    public nint Address => _pin.AddrOfPinnedObject();

    /// <summary>Disks that are open.</summary>
    public int Open { get; set; }

    /// <summary>What a disk saw that must not be.</summary>
    public string? Finding { get; set; }

    /// <summary>Gives a model of the disk what all disks begin with.</summary>
    public static byte[] Start() => (byte[])Initial.Clone();

    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new(Array.ConvertAll(Names, name => new ExportInfo(name, "one of three")));

    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        if (!Names.Contains(request.ExportName))
        {
            throw new NbdException(NbdError.EINVAL, $"there is no export '{request.ExportName}'");
        }

        Open++;
        return new(new FuzzDisk(this));
    }

    /// <summary>Nobody uses it any more.</summary>
    public void Dispose() => _pin.Free();

    // Data at both ends, a long hole in the middle and a page of data within it.
    private static byte[] MakeInitial()
    {
        var content = new byte[FuzzWorld.ContentSize];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = i is >= 0x8000 and < 0x20000 and not (>= 0x18000 and < 0x19000) ? (byte)0 : (byte)(1 + (i % 251));
        }

        return content;
    }
}
