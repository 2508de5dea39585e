using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Whatever a server does wrong, the request fails with EIO and a sentence, and the next one works.</summary>
public sealed class CurlFaultTests : CurlTest
{
    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    [InlineData("500 Internal Server Error")]
    [InlineData("416 Range Not Satisfiable")]
    [InlineData("503 Service Unavailable")]
    public Task AStatusThatIsNoSuccessFailsTheRead(string status) => ReadFailsAsync($"the server answered {status}", _ => WebAnswer.Of(status));

    [Fact]
    public Task AServerThatIgnoresTheRangeFailsTheRead()
        => ReadFailsAsync("the server ignored the range", answer => answer with { Status = "200 OK", Headers = ["ETag: \"one\""], Body = Content });

    [Fact]
    public Task AnotherRangeFailsTheRead()
        => ReadFailsAsync("the server sent bytes 4097-4607/", answer => answer with { Headers = [$"Content-Range: bytes 4097-4607/{Content.Length}"] });

    [Fact]
    public Task NoRangeFailsTheRead() => ReadFailsAsync("no Content-Range", answer => answer with { Headers = [] });

    [Theory]
    [InlineData(511)]
    [InlineData(513)]
    public Task AWrongContentLengthFailsTheRead(int length) => ReadFailsAsync($"Content-Length is {length}", answer => answer with { Length = length });

    [Fact]
    public Task AConnectionThatIsClosedInTheBodyFailsTheRead()
        => ReadFailsAsync("The response ended prematurely", answer => answer with { Body = answer.Body[..100], Length = answer.Body.Length, Closes = true });

    [Fact]
    public Task AnAnswerInChunksThatIsTooShortFailsTheRead()
        => ReadFailsAsync("ends after 100 of 512 bytes", answer => answer with { Body = answer.Body[..100], IsChunked = true });

    [Fact]
    public Task AnAnswerInChunksThatIsTooLongFailsTheRead()
        => ReadFailsAsync("longer than the range", answer => answer with { Body = [.. answer.Body, 0], IsChunked = true });

    [Fact]
    public Task ANewETagFailsTheRead()
        => ReadFailsAsync("the content has changed: its ETag was \"one\" and is \"two\"", answer => answer with { Headers = [.. WithoutETag(answer), "ETag: \"two\""] });

    [Fact]
    public Task ANewLengthFailsTheRead()
        => ReadFailsAsync("the content has changed: its size was 1048576 and is 1048577", answer => answer with { Headers = ["Content-Range: bytes 4096-4607/1048577"] });

    [Fact]
    public async Task AFileThatWasReplacedIsNeverRead()
    {
        var disk = await OpenAsync();
        await ReadsRightAsync(disk, 0, 512);

        File.Content = new byte[Content.Length];
        File.ETag = "\"two\"";

        Assert.Contains("its ETag was \"one\" and is \"two\"", await FailsAsync(() => ReadAsync(disk, 4096, 512)), StringComparison.Ordinal);
        Assert.Equal(new byte[512], await ReadAsync(await OpenAsync(), 4096, 512));
        Assert.Equal("\"one\"", Gets.First()["If-Range"]);
    }

    [Fact]
    public async Task AnOldDateTellsVersionsApart()
    {
        (File.ETag, File.LastModified) = (null, "Tue, 01 Jan 2030 00:00:00 GMT");
        var future = await OpenAsync();
        await ReadsRightAsync(future, 0, 512);
        Assert.Null(Gets.Last()["If-Range"]);

        File.LastModified = "Sat, 01 Jan 2000 00:00:00 GMT";
        Assert.Contains("last modified Tue, 01 Jan 2030", await FailsAsync(() => ReadAsync(future, 4096, 512)), StringComparison.Ordinal);
        var past = await OpenAsync();
        await ReadsRightAsync(past, 0, 512);
        Assert.Equal(File.LastModified, Gets.Last()["If-Range"]);

        File.LastModified = "Sun, 02 Jan 2000 00:00:00 GMT";
        Assert.Contains("and now Sun, 02 Jan 2000", await FailsAsync(() => ReadAsync(past, 4096, 512)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWeakTagIsComparedButNotSent()
    {
        File.ETag = "W/\"one\"";
        var disk = await OpenAsync();
        await ReadsRightAsync(disk, 0, 512);
        Assert.Null(Gets.Last()["If-Range"]);

        File.ETag = "W/\"two\"";

        Assert.Contains("the content has changed", await FailsAsync(() => ReadAsync(disk, 4096, 512)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerWithoutValidatorsIsToldOf()
    {
        File.ETag = null;

        await ReadsRightAsync(await OpenAsync(), 0, 512);

        Assert.Contains(Log.Messages, message => message.StartsWith("Information", StringComparison.Ordinal) && message.Contains("by its length only", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("404 Not Found", "HEAD", "the server answered 404 Not Found")]
    [InlineData("403 Forbidden", "GET", "the server answered 403 Forbidden")]
    [InlineData("500 Oops", "GET", "the server answered 500 Oops")]
    public async Task AFileThatCannotBeOpenedSaysWhy(string status, string method, string reason)
    {
        Fault = _ => WebAnswer.Of(status);

        Assert.Equal($"{method} {Server.Url()}: {reason}", await FailsAsync(() => OpenUrlAsync($"{Server.Url()}?token=secret").AsTask()));
    }

    [Theory]
    [InlineData("Accept-Ranges: none")]
    [InlineData("X-Nothing: 1")]
    public async Task AServerWithoutRangesIsRefused(string header)
    {
        Fault = _ => new WebAnswer { Headers = [header], Body = Content };

        Assert.Contains("does not serve byte ranges", await FailsAsync(() => OpenAsync().AsTask()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD", "403 Forbidden")]
    [InlineData("HEAD", "405 Method Not Allowed")]
    [InlineData("HEAD", "501 Not Implemented")]
    public async Task AServerWithoutHeadIsAskedForTheFirstByte(string method, string status)
    {
        Fault = request => request.Method == method ? WebAnswer.Of(status) : null;

        var disk = await OpenAsync();

        Assert.Equal(Content.Length, disk.Size);
        await ReadsRightAsync(disk, 1000, 1000);
    }

    [Fact]
    public async Task AnEmptyFileIsAnEmptyDisk()
    {
        File.Content = [];
        Assert.Equal(0, (await OpenAsync()).Size);

        Fault = request => request.Method == "HEAD" ? WebAnswer.Of("405 Method Not Allowed") : null;
        Assert.Equal(0, (await OpenAsync()).Size);
    }

    [Fact]
    public async Task AServerThatIsNotThereIsNamed()
    {
        var disk = await OpenAsync();
        await Server.DisposeAsync();

        Assert.Contains("Connection refused", await FailsAsync(() => ReadAsync(disk, 0, 512)), StringComparison.Ordinal);
        Assert.Contains("Connection refused", await FailsAsync(() => OpenAsync().AsTask()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequestThatTakesTooLongFails()
    {
        var never = new TaskCompletionSource();
        var disk = await OpenAsync(Time, Server.Url(), "timeout=5");
        Fault = request => File.Answer(request) with { Gate = never.Task };

        var read = ReadAsync(disk, 0, 512);
        await Time.WaitForTimersAsync(1);
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("not done within 5 s (timeout=5)", await FailsAsync(() => read), StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public async Task ARefusedWriteFails()
    {
        var source = Owns(await CreateAsync(new ComponentContext(Log, TimeProvider.System), $"url={Server.Url()}"));
        var disk = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));
        Fault = request => request.Method == "PUT" ? WebAnswer.Of("405 Method Not Allowed") : null;

        var message = await FailsAsync(() => disk.WriteAsync(512, new byte[512], WriteFlags.None, CancellationToken.None).AsTask());

        Assert.Equal($"PUT {Server.Url()} bytes 512-1023: the server answered 405 Method Not Allowed", message);
        await ReadsRightAsync(disk, 512, 512);
    }

    private async Task ReadFailsAsync(string expected, Func<WebAnswer, WebAnswer> change)
    {
        var disk = await OpenAsync();
        Fault = request => change(File.Answer(request));

        var message = await FailsAsync(() => ReadAsync(disk, 4096, 512));

        Assert.StartsWith($"GET {Server.Url()} bytes 4096-4607: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Fault = _ => null;
        await ReadsRightAsync(disk, 4096, 512);
    }

    private static IEnumerable<string> WithoutETag(WebAnswer answer) => answer.Headers.Where(header => !header.StartsWith("ETag", StringComparison.Ordinal));
}
