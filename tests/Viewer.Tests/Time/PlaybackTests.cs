using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>Going to any moment of logs.</summary>
public sealed class PlaybackTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void ASoughtMomentShowsWhatHadHappenedAndNothingElse()
    {
        var playback = Play(new LogText().Ready().Connect(1 << 20)
            .At(10).Call("Write", 1).At(20).Return(1).At(30).Done("Write", 2, 4096));

        playback.Seek(At(15));
        Assert.Equal([Look.Writing, Look.Untouched], Looks(playback));

        playback.Seek(At(30));
        Assert.Equal([Look.Written, Look.Written], Looks(playback));

        playback.Seek(At(5));
        Assert.Equal([Look.Untouched, Look.Untouched], Looks(playback));
    }

    [Fact]
    public void StepsGoFromOneBeginningOrEndToTheNextOnWhicheverDiskItIs()
    {
        var playback = Play(
            new LogText().Ready().Connect(1 << 20).At(10).Call("Write", 1).At(30).Return(1),
            new LogText().Ready().Connect(1 << 20).At(20).Call("Write", 1).At(40).Return(1));
        playback.Seek(At(0));

        var steps = new List<(int, int)>();
        for (var step = 0; step < 5; step++)
        {
            playback.Step();
            steps.Add((InFlight(0), InFlight(1)));
        }

        Assert.Equal([(1, 0), (1, 1), (0, 1), (0, 0), (0, 0)], steps);
        Assert.Equal((At(40), PlaybackMode.Paused), (playback.Time, playback.Mode));

        playback.StepBack();
        Assert.Equal((0, 1, At(30)), (InFlight(0), InFlight(1), playback.Time));
        playback.StepBack();
        Assert.Equal((1, 1, At(20)), (InFlight(0), InFlight(1), playback.Time));

        int InFlight(int disk) => playback.Cursors[disk].Player.Picture.InFlightCount;
    }

    [Fact]
    public void PlayingTakesTheTimeOfTheLogDividedByTheRate()
    {
        var time = new ManualClock();
        var playback = Play(time, new LogText().Ready().Connect(1 << 20).At(100).Done("Write", 1).At(300).Done("Write", 2, 4096).At(1000).Done("Flush", 3));
        playback.SetRate(100);
        playback.Play();
        Assert.Equal([Look.Untouched, Look.Untouched], Looks(playback));

        time.Advance(TimeSpan.FromSeconds(2));
        playback.Tick();
        Assert.Equal((At(200), PlaybackMode.Playing), (playback.Time, playback.Mode));
        Assert.Equal([Look.Written, Look.Untouched], Looks(playback));

        time.Advance(TimeSpan.FromSeconds(8));
        playback.Tick();
        Assert.Equal(PlaybackMode.Live, playback.Mode);
    }

    [Fact]
    public void APauseStandsStillWhileTheLogGrows()
    {
        var playback = Play(new LogText().Ready().Connect(1 << 20).Done("Write", 1));
        playback.Pause();

        File.AppendAllText(_directory["log0"], new LogText().At(50).Done("Write", 2, 4096).ToString());
        playback.Cursors[0].Log.Poll();
        playback.Tick();

        Assert.Equal([Look.Written, Look.Untouched], Looks(playback));
        playback.GoLive();
        Assert.Equal([Look.Written, Look.Written], Looks(playback));
    }

    [Fact]
    public void ANewFileEndsTheReplayOfTheOldOne()
    {
        var playback = Play(new LogText().Ready().Connect(1 << 20).Done("Write", 1));
        playback.Pause();

        File.WriteAllText(_directory["log0"], new LogText().At(50).Ready().Connect(1 << 20).ToString());
        playback.Cursors[0].Log.Poll();
        playback.Tick();

        Assert.Equal(PlaybackMode.Live, playback.Mode);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void InALargeLogAnyMomentIsWhatItIsFromTheStart()
    {
        const int requests = 400_000;
        using (var writer = new StreamWriter(_directory["log0"]))
        {
            writer.Write(new LogText().Ready().Connect(64 << 20).ToString());
            var random = new Random(7);
            for (var id = 1; id <= requests; id++)
            {
                var action = id % 3 == 0 ? "Trim" : "Write";
                writer.Write(new LogText().At(id / 1000.0).Done(action, id, random.Next(16384) * 4096L).ToString());
            }
        }

        var playback = Open(TimeProvider.System, 1);
        Assert.True(new FileInfo(_directory["log0"]).Length > 3 * Checkpoints.FirstSpacing);
        foreach (var second in (double[])[399, 200.0005, 1, 300, 299.999])
        {
            playback.Seek(At(second));
            var picture = playback.Cursors[0].Player.Picture;
            Assert.Equal((long)Math.Floor(second * 1000), picture.Total.Requests);

            var fresh = new Player(picture.Layout, null);
            using var file = playback.Cursors[0].Log.Open();
            var buffer = new byte[Player.BufferSize];
            while (fresh.Advance(file, buffer, At(second)) == PlayerStop.Buffer)
            {
            }

            Assert.Equal(fresh.Picture.Cells.ToArray(), picture.Cells.ToArray());
        }
    }

    public void Dispose() => _directory.Dispose();

    private static long At(double seconds) => new LogText().At(seconds).Microseconds;

    private static Look[] Looks(Playback playback) => [.. playback.Cursors[0].Player.Picture.Cells[..2].ToArray().Select(cell => cell.Look)];

    private Playback Play(params LogText[] logs) => Play(TimeProvider.System, logs);

    private Playback Play(TimeProvider time, params LogText[] logs)
    {
        for (var index = 0; index < logs.Length; index++)
        {
            File.WriteAllText(_directory[$"log{index}"], logs[index].ToString());
        }

        return Open(time, logs.Length);
    }

    private Playback Open(TimeProvider time, int count)
    {
        var logs = Enumerable.Range(0, count).Select(index => new DiskLog(_directory[$"log{index}"], null)).ToArray();
        foreach (var log in logs)
        {
            while (log.Poll())
            {
            }
        }

        return new Playback(logs, time);
    }
}
