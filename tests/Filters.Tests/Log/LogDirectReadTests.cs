using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>Reads that bring memory instead of copying it, and batches: the log has their lines like all others, in time.</summary>
public sealed class LogDirectReadTests
{
    [Fact]
    public async Task A_read_whose_bytes_are_lent_is_logged_like_any_other()
    {
        await using var session = await LogSession.StartAsync(new LendingDisk());
        var disk = await session.OpenAsync();

        Assert.True(disk.TryLend(0x200, 0x100, out var memory));
        Assert.False(disk.TryLend(0x4000, 0x100, out _));

        Assert.Equal(new LentMemory(0x200, 0x100), memory);
        Assert.Equal(
            ["connection=1 Read id=1 offset=0x200 count=0x100 ...", "connection=1 ...Read id=1 return=0"], session.ConnectionLines[1..]);
    }

    [Fact]
    public async Task A_read_that_is_answered_in_pieces_is_logged_like_any_other()
    {
        await using var session = await LogSession.StartAsync(new LendingDisk());
        var disk = await session.OpenAsync();
        var pieces = new LentPieces();

        Assert.True(disk.TryLendPieces(0x200, 0x100, pieces));
        Assert.False(disk.TryLendPieces(0x4000, 0x100, new LentPieces()));

        Assert.Equal([new LentMemory(0, 0x100)], pieces.Pieces.ToArray());
        Assert.Equal(
            ["connection=1 Read id=1 offset=0x200 count=0x100 ...", "connection=1 ...Read id=1 return=0"], session.ConnectionLines[1..]);
    }

    [Fact]
    public async Task Lines_of_requests_that_are_answered_together_are_written_before_their_replies_leave()
    {
        await using var session = await LogSession.StartAsync(new LendingDisk());
        var disk = await session.OpenAsync();
        disk.EndBatch();

        Assert.True(disk.TryLend(0, 0x100, out _));
        Assert.True(disk.TryLend(0x100, 0x100, out _));
        var before = session.ConnectionLines[1..];
        disk.EndBatch();

        Assert.Empty(before);
        Assert.Equal(
            ["connection=1 Read id=1 offset=0x0 count=0x100 ...", "connection=1 ...Read id=1 return=0",
             "connection=1 Read id=2 offset=0x100 count=0x100 ...", "connection=1 ...Read id=2 return=0"],
            session.ConnectionLines[1..]);
    }

    [Fact]
    public async Task A_request_that_takes_its_time_is_logged_behind_what_was_answered_before_it()
    {
        var inner = new RecordingDisk { CompletesAtOnce = false };
        await using var session = await LogSession.StartAsync(new LendingDisk(inner));
        var disk = await session.OpenAsync();
        disk.EndBatch();

        Assert.True(disk.TryLend(0, 0x100, out _));
        var write = disk.WriteAsync(0, new byte[0x200], WriteFlags.None, CancellationToken.None).AsTask();

        Assert.Equal(
            ["connection=1 Read id=1 offset=0x0 count=0x100 ...", "connection=1 ...Read id=1 return=0",
             "connection=1 Write id=2 offset=0x0 count=0x200 fua=0 ..."],
            session.ConnectionLines[1..]);
        inner.Calls[0].Complete();
        await write;
    }

    [Fact]
    public async Task What_other_threads_complete_is_logged_at_once()
    {
        await using var session = await LogSession.StartAsync(new LendingDisk());
        var disk = await session.OpenAsync();
        disk.EndBatch();

        // A task could be given the very thread that has ended the batch.
        var other = new Thread(() => disk.TryLend(0, 0x100, out _));
        other.Start();
        other.Join();

        Assert.Equal(
            ["connection=1 Read id=1 offset=0x0 count=0x100 ...", "connection=1 ...Read id=1 return=0"], session.ConnectionLines[1..]);
    }

    [Fact]
    public async Task Reads_are_as_direct_as_they_are_behind_the_filter()
    {
        await using var plain = await LogSession.StartAsync(new RecordingDisk());
        await using var filtered = await LogSession.StartAsync(new LendingDisk());

        Assert.True((await plain.OpenAsync()).ReadsAreDirect);
        Assert.False((await filtered.OpenAsync()).ReadsAreDirect);
    }

    [Fact]
    public async Task Nothing_is_lent_when_a_script_has_to_run_first()
    {
        await using var session = await LogSession.StartAsync(new LendingDisk(), "logscript=true");
        var disk = await session.OpenAsync();

        Assert.False(disk.TryLend(0x200, 0x100, out _));
        Assert.False(disk.TryLendPieces(0x200, 0x100, new LentPieces()));
    }
}
