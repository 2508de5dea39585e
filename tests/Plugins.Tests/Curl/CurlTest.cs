using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A file on a web server, and disks of the curl plugin that lead to it.</summary>
public abstract class CurlTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _resources = [];

    /// <summary>A megabyte of random bytes.</summary>
    protected static byte[] Content { get; } = Enumerable.Range(0, 1 << 18).SelectMany(i => BitConverter.GetBytes((uint)i * 2654435761u)).ToArray();

    protected WebFile File { get; } = new([.. Content]);

    /// <summary>Answers in place of the file where it returns something.</summary>
    protected Func<WebRequest, WebAnswer?> Fault { get; set; } = _ => null;

    protected RecordingLogger Log { get; } = new();

    protected ManualTime Time { get; } = new();

    private protected WebServer Server { get; private set; } = null!;

    public virtual ValueTask InitializeAsync()
    {
        Server = Owns(new WebServer(request => Fault(request) ?? File.Answer(request)));
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        for (var i = _resources.Count - 1; i >= 0; i--)
        {
            await _resources[i].DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected T Owns<T>(T resource)
        where T : IAsyncDisposable
    {
        _resources.Add(resource);
        return resource;
    }

    /// <summary>Opens the file, read-only.</summary>
    protected ValueTask<Disk> OpenAsync(params string[] parameters) => OpenUrlAsync(Server.Url(), parameters);

    protected ValueTask<Disk> OpenUrlAsync(string url, params string[] parameters) => OpenAsync(TimeProvider.System, url, parameters);

    protected async ValueTask<Disk> OpenAsync(TimeProvider time, string url, params string[] parameters)
    {
        var source = Owns(await CreateAsync(new ComponentContext(Log, time), [$"url={url}", .. parameters]));
        return Owns(await source.OpenAsync(new OpenRequest { ReadOnly = true }, CancellationToken.None));
    }

    protected static ValueTask<DiskSource> CreateAsync(ComponentContext context, params string[] parameters)
        => new CurlPlugin().CreateAsync(
            [.. parameters.Select(word => new ParameterValue(word[..word.IndexOf('=', StringComparison.Ordinal)], word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]))],
            context,
            CancellationToken.None);

    protected static async Task<byte[]> ReadAsync(Disk disk, long offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer;
    }

    /// <summary>Reads, and checks that the bytes are those of the file.</summary>
    protected static async Task ReadsRightAsync(Disk disk, int offset, int length)
        => Assert.Equal(Content[offset..(offset + length)], await ReadAsync(disk, offset, length));

    /// <summary>The first parameter error, in one line.</summary>
    protected static async Task RefusesAsync(string expected, params string[] parameters)
    {
        var errors = (await Assert.ThrowsAsync<ParameterException>(
            () => CreateAsync(new ComponentContext(new RecordingLogger(), TimeProvider.System), parameters).AsTask())).Errors;

        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors[0]);
    }

    /// <summary>The sentence of a failure with EIO.</summary>
    protected static async Task<string> FailsAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<NbdException>(call);
        Assert.Equal(NbdError.EIO, failure.Error);
        Assert.DoesNotContain('\n', failure.Message);
        return failure.Message;
    }

    protected IEnumerable<WebRequest> Gets => Server.Requests.Where(request => request.Method == "GET");
}
