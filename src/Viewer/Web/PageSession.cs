using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace SharpNbd.Viewer;

/// <summary>
/// One open page: it is told what changes, a frame at a time, and tells what to show. A frame holds what has changed since the
/// one before and is not made before the page has dealt with the one before that: a slow page gets fewer frames, not older ones.
/// </summary>
internal sealed class PageSession(WebSocket socket, IReadOnlyList<Disk> disks, string token, TimeProvider clock)
{
    private const int LongestCommand = 128;
    private const int MostCommands = 256;
    private const int FramesAhead = 2;
    private const byte FrameKind = 1;

    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>The clock of a page without anything new.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<string> _commands = new();
    private readonly FrameBuffer _frame = new();
    private readonly Playback _playback = new([.. disks.Select(disk => disk.Log)], clock);
    private readonly string[] _problems = [.. disks.Select(_ => "")];
    private long _sent;
    private long _received;

    /// <summary>Runs until the page is closed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var receiving = ReceiveAsync(ended);
        try
        {
            await SendFramesAsync(ended.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The page has gone, or the program stops.
        }

        await ended.CancelAsync();
        await receiving;
    }

    private async Task SendFramesAsync(CancellationToken cancellationToken)
    {
        var views = disks.Zip(_playback.Cursors, (disk, cursor) => new DiskFrames(disk, cursor)).ToArray();
        await SendTextAsync(PageMessages.Hello(disks, token), cancellationToken);
        using var timer = new PeriodicTimer(FrameInterval);
        var last = clock.GetTimestamp();
        do
        {
            var isCommanded = Obey();
            if (_sent - Volatile.Read(ref _received) >= FramesAhead)
            {
                continue;
            }

            _playback.Tick();
            await SendProblemsAsync(cancellationToken);
            var isChanged = WriteFrame(views) || isCommanded || _playback.Mode == PlaybackMode.Playing;
            if (isChanged || clock.GetElapsedTime(last) >= IdleInterval)
            {
                last = clock.GetTimestamp();
                _sent++;
                await socket.SendAsync(_frame.Written, WebSocketMessageType.Binary, true, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private bool WriteFrame(DiskFrames[] views)
    {
        _frame.Clear();
        _frame.Byte(FrameKind);
        _frame.Byte((byte)_playback.Mode);
        _frame.UInt32(_sent + 1);
        _frame.Double(_playback.Rate);
        _frame.Time(_playback.Time);
        _frame.Time(_playback.Start);
        _frame.Time(_playback.End);
        _frame.UInt32(views.Length);
        var isChanged = false;
        foreach (var view in views)
        {
            isChanged |= view.Write(_frame);
        }

        return isChanged;
    }

    private bool Obey()
    {
        var isCommanded = false;
        while (_commands.TryDequeue(out var command))
        {
            var words = command.Split(' ');
            if (words[0] == "seek" && _commands.TryPeek(out var next) && next.StartsWith("seek", StringComparison.Ordinal))
            {
                // The slider has gone on meanwhile.
                continue;
            }

            var hasNumber = double.TryParse(words[^1], CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
            isCommanded = true;
            switch (words[0])
            {
                case "pause":
                    _playback.Pause();
                    break;
                case "play":
                    _playback.Play();
                    break;
                case "live":
                    _playback.GoLive();
                    break;
                case "step":
                    _playback.Step();
                    break;
                case "back":
                    _playback.StepBack();
                    break;
                case "rate" when hasNumber:
                    _playback.SetRate(number);
                    break;
                case "seek" when hasNumber:
                    _playback.Seek((long)(number * 1000));
                    break;
                default:
                    break;
            }
        }

        return isCommanded;
    }

    private async Task ReceiveAsync(CancellationTokenSource ended)
    {
        var buffer = new byte[LongestCommand];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), ended.Token);
                if (received.MessageType != WebSocketMessageType.Text || !received.EndOfMessage || _commands.Count >= MostCommands)
                {
                    break;
                }

                var command = Encoding.UTF8.GetString(buffer, 0, received.Count);
                if (command.StartsWith("ack ", StringComparison.Ordinal))
                {
                    _ = long.TryParse(command.AsSpan(4), CultureInfo.InvariantCulture, out var frame);
                    Volatile.Write(ref _received, frame);
                }
                else
                {
                    _commands.Enqueue(command);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The page has gone, or the program stops.
        }

        await ended.CancelAsync();
    }

    private async Task SendProblemsAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < disks.Count; index++)
        {
            var problem = disks[index].Log.State == LogState.Unreadable ? disks[index].Log.Problem : "";
            if (problem != _problems[index])
            {
                _problems[index] = problem;
                await SendTextAsync(PageMessages.Problem(index, problem), cancellationToken);
            }
        }
    }

    private ValueTask SendTextAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
        => socket.SendAsync(text, WebSocketMessageType.Text, true, cancellationToken);
}
