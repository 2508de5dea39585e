using SharpNbd.Abstractions;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>A subject with the connections that a test has opened; closes everything and checks that.</summary>
internal sealed class ContractRun : IAsyncDisposable
{
    private readonly ContractSubject _subject;
    private readonly List<Disk> _disks = [];
    private readonly List<ContractWorker> _workers = [];

    public ContractRun(ContractSubject subject, Random random)
    {
        _subject = subject;
        Random = random;
        Model = new ContractModel(subject.Content, subject.KeepsWrites);
    }

    public Random Random { get; }

    public ContractModel Model { get; }

    public bool KeepsWrites => _subject.KeepsWrites;

    public ThreadModel ThreadModel => _subject.Source.ThreadModel;

    public ByteRange WholeDisk => new(0, _subject.Content.Length);

    /// <summary>What the workers did last, for the message of a failure.</summary>
    public string Trace => string.Join("; ", _workers.Select(worker => worker.Current));

    public ValueTask StartAsync() => _subject.Source.ReadyAsync(ThreadModel, CancellationToken.None);

    public async Task<Disk> OpenAsync(bool readOnly = false)
    {
        var request = new OpenRequest { ExportName = _subject.ExportName, ReadOnly = readOnly };
        var disk = await _subject.Source.OpenAsync(request, CancellationToken.None);
        _disks.Add(disk);
        Assert.Equal(_subject.Content.Length, disk.Size);
        return disk;
    }

    /// <summary>Opens several connections, as far as the source serves them together and they see one disk.</summary>
    public async Task<IReadOnlyList<Disk>> OpenSeveralAsync(int count)
    {
        var first = await OpenAsync();
        var isShared = first.Capabilities.CanMultiConn || !first.Capabilities.CanWrite;
        var disks = new List<Disk> { first };
        while (disks.Count < count && isShared && ThreadModel != ThreadModel.SerializeConnections)
        {
            disks.Add(await OpenAsync());
        }

        return disks;
    }

    public ContractWorker Worker(Disk disk, ByteRange? area = null)
    {
        var worker = new ContractWorker(disk, Model, area ?? WholeDisk, new Random(Random.Next()));
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Cuts the disk into areas of different odd sizes that meet inside pages.</summary>
    public IReadOnlyList<ByteRange> Areas(int count, long unit)
    {
        var cuts = Enumerable.Range(0, count - 1).Select(_ => Random.NextInt64(WholeDisk.Length) / unit * unit)
            .Append(0).Append(WholeDisk.Length).Order().ToArray();
        return [.. cuts.Zip(cuts.Skip(1), (start, end) => new ByteRange(start, end - start))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _disks)
        {
            await disk.DisposeAsync();
        }

        await _subject.Source.DisposeAsync();
        _subject.VerifyClosed?.Invoke();
    }
}
