using Microsoft.Extensions.Logging;

namespace SharpNbd.Server.Tests;

public sealed class StandardErrorLoggerTests
{
    private readonly List<string> _lines = [];
    private readonly StandardErrorWriter _writer;

    public StandardErrorLoggerTests() => _writer = new StandardErrorWriter(_lines.Add);

    [Theory]
    [InlineData("server", LogLevel.Error, "sharpnbd: error: text\n")]
    [InlineData("", LogLevel.Critical, "sharpnbd: error: text\n")]
    [InlineData("server", LogLevel.Warning, "sharpnbd: warning: text\n")]
    [InlineData("server", LogLevel.Information, "sharpnbd: info: text\n")]
    [InlineData("server", LogLevel.Debug, "sharpnbd: debug: text\n")]
    [InlineData("memory", LogLevel.Trace, "sharpnbd: memory: debug: text\n")]
    public void LinesHaveTheFormOfNbdkit(string category, LogLevel level, string line)
    {
        Write(new StandardErrorLogger(category, _writer), level);

        Assert.Equal([line], _lines);
    }

    [Fact]
    public void AConnectionStandsInTheMiddle()
    {
        Write(new ConnectionLogger(new StandardErrorLogger("server", _writer), "memory.3"), LogLevel.Error);

        Assert.Equal(["sharpnbd: memory.3: error: text\n"], _lines);
    }

    [Fact]
    public void DiscardedMessagesDoNotTakeDebugMessagesWithThem()
    {
        _writer.DiscardsMessages = true;
        var logger = new StandardErrorLogger("server", _writer);

        Write(logger, LogLevel.Error);
        Write(logger, LogLevel.Information);
        Write(logger, LogLevel.Debug);

        Assert.Equal(["sharpnbd: debug: text\n"], _lines);
    }

    [Fact]
    public void AnExceptionShowsItsTraceOnlyInDebugMessages()
    {
        var logger = new StandardErrorLogger("server", _writer);

        Write(logger, LogLevel.Error, new InvalidOperationException("mistake"));
        Write(logger, LogLevel.Debug, new InvalidOperationException("mistake"));

        Assert.Equal("sharpnbd: error: text\n", _lines[0]);
        Assert.Contains("InvalidOperationException: mistake", _lines[1]);
    }

    private static void Write(ILogger logger, LogLevel level, Exception? exception = null)
        => logger.Log(level, 1, "text", exception, (text, _) => text);
}
