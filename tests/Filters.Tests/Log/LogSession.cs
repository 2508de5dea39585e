using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>A log filter that writes to a file in a private directory, ready to open disks. The clock stands at noon.</summary>
internal sealed class LogSession : IAsyncDisposable
{
    /// <summary>What every line begins with while the clock stands.</summary>
    public const string Noon = "2030-01-01 12:00:00.000000 ";

    private readonly FilterUnderTest _filter;

    private LogSession(DiskSource inner, TimeProvider? time, string[] parameters)
    {
        _filter = new FilterUnderTest(new LogFilter(), time);
        Source = _filter.Wrap(inner, [$"logfile={LogPath}", .. parameters]);
    }

    public DiskSource Source { get; }

    public RecordingLogger Logger => _filter.Logger;

    public TemporaryDirectory Directory { get; } = new();

    public string LogPath => Directory["log"];

    /// <summary>The lines so far; the last one must be whole.</summary>
    public string[] Lines
    {
        get
        {
            var text = File.ReadAllText(LogPath);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            return text[..^1].Split('\n');
        }
    }

    /// <summary>The lines without the date and without what comes before the first opened disk.</summary>
    public string[] ConnectionLines
        => [.. Lines.Where(line => line.Contains("connection=", StringComparison.Ordinal)).Select(line => line[Noon.Length..])];

    public static Task<LogSession> StartAsync(Disk inner, params string[] parameters) => StartAsync(new StaticSource(inner), null, parameters);

    public static Task<LogSession> StartAsync(DiskSource inner, params string[] parameters) => StartAsync(inner, null, parameters);

    public static async Task<LogSession> StartAsync(DiskSource inner, TimeProvider? time, params string[] parameters)
    {
        var session = new LogSession(inner, time, parameters);
        await session.Source.ReadyAsync(session.Source.ThreadModel, CancellationToken.None);
        return session;
    }

    public async Task<Disk> OpenAsync(string exportName = "", CancellationToken connectionClosed = default)
        => await Source.OpenAsync(new OpenRequest { ExportName = exportName, ConnectionClosed = connectionClosed }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        Directory.Dispose();
    }
}
