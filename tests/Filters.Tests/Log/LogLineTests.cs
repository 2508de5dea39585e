using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

/// <summary>What stands in a line: extents, names, times.</summary>
public sealed class LogLineTests
{
    [Fact]
    public async Task Extents_are_listed_with_their_kinds()
    {
        var inner = new RecordingDisk
        {
            Extents = list =>
            {
                list.Add(0, 0x8000, ExtentFlags.Data);
                list.Add(0x8000, 0x1000, ExtentFlags.Hole);
                list.Add(0x9000, 0x1000, ExtentFlags.Zero);
                list.Add(0xa000, 0xf6000, ExtentFlags.Hole | ExtentFlags.Zero);
            },
        };
        await using var session = await LogSession.StartAsync(inner);
        var disk = await session.OpenAsync();

        await disk.GetExtentsAsync(new ByteRange(0, 0x100000), new ExtentList(new ByteRange(0, 0x100000)), default);

        Assert.Equal(
            "connection=1 ...Extents id=1 extents=(0x0 0x8000 \"\" 0x8000 0x1000 \"hole\" 0x9000 0x1000 \"zero\" 0xa000 0xf6000 \"hole,zero\") return=0",
            session.ConnectionLines[^1]);
    }

    [Fact]
    public async Task A_list_of_extents_may_be_as_long_as_can_be()
    {
        var range = new ByteRange(0, 2L * ExtentList.MaximumCount * 0x10000);
        var inner = new RecordingDisk(range.Length)
        {
            Extents = list =>
            {
                for (var i = 0; !list.IsComplete; i++)
                {
                    list.Add(i * 0x10000L, 0x10000, i % 2 == 0 ? ExtentFlags.Data : ExtentFlags.Hole);
                }
            },
        };
        await using var session = await LogSession.StartAsync(inner);
        var disk = await session.OpenAsync();

        await disk.GetExtentsAsync(range, new ExtentList(range), default);
        await disk.FlushAsync(default);

        var lines = session.ConnectionLines;
        Assert.Equal(ExtentList.MaximumCount * 3, lines[2].Split(' ').Length - 4);
        Assert.EndsWith(" 0xffff0000 0x10000 \"hole\") return=0", lines[2], StringComparison.Ordinal);
        Assert.Equal("connection=1 ...Flush id=2 return=0", lines[^1]);
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "plain")]
    [InlineData(",-./0123456789:=AZ_az", ",-./0123456789:=AZ_az")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("my \"exp", "\"my \\\"exp\"")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("$HOME `id`", "\"\\$HOME \\`id\\`\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("a+b@c%d^e~f!g#h", "\"a+b@c%d^e~f!g#h\"")]
    [InlineData("tab\there\u0001\u007f", "\"tab\there\u0001\u007f\"")]
    [InlineData("ünïcode €𝄞", "\"ünïcode €𝄞\"")]
    public async Task Names_are_quoted_for_the_shell(string name, string quoted)
    {
        await using var session = await LogSession.StartAsync(new RecordingDisk());
        await session.OpenAsync(name);

        Assert.StartsWith($"connection=1 Connect export={quoted} tls=0 ", session.ConnectionLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_break_in_a_name_stays_what_it_is()
    {
        await using var session = await LogSession.StartAsync(new RecordingDisk());
        await session.OpenAsync("two\nlines");

        Assert.Contains("export=\"two\nlines\" tls=0", await File.ReadAllTextAsync(session.LogPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-02-03 04:05:06.000789", 2026, 2, 3, 4, 5, 6, 789)]
    [InlineData("1999-12-31 23:59:59.999999", 1999, 12, 31, 23, 59, 59, 999_999)]
    public async Task The_time_is_written_in_universal_time_with_microseconds(
        string expected, int year, int month, int day, int hour, int minute, int second, int microsecond)
    {
        var time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddMicroseconds(microsecond).AddTicks(9);
        await using var session = await LogSession.StartAsync(
            new StaticSource(new RecordingDisk()), new ManualTime(time.ToOffset(TimeSpan.FromHours(9))));

        Assert.Equal([expected + " Ready thread_model=3"], session.Lines);
    }
}
