using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The contract suite over a file of each kind of access that the plugin has.</summary>
public abstract class FileContract(FileCacheMode cache = FileCacheMode.Default) : DiskContract, IDisposable
{
    private readonly Stack<IDisposable> _resources = new();

    private protected abstract FileLocation Locate(string path);

    protected virtual IDisposable MakeDirectory(out string path)
    {
        var directory = new TemporaryDirectory();
        path = directory.Path;
        return directory;
    }

    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        Owns(MakeDirectory(out var directory));
        var content = new byte[size];
        random.NextBytes(content);
        var path = Path.Combine(directory, "disk");
        File.WriteAllBytes(path, content);
        return new(new ContractSubject
        {
            Source = new FileSource(Locate(path), cache, NullLogger.Instance),
            Content = content,
            ExportName = "disk",
        });
    }

    /// <summary>Has something disposed with the test, last in first out.</summary>
    protected void Owns(IDisposable resource) => _resources.Push(resource);

    public void Dispose()
    {
        while (_resources.TryPop(out var resource))
        {
            resource.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
