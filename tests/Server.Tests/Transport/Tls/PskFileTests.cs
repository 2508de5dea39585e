using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class PskFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void EveryLineIsAUserAndAKey()
    {
        var keys = Read("alice:00ff\n\n# a comment\nbob:with:colon:AB\r\n  carol:1234  \nalice:dead\n");

        Assert.Equal(["alice", "bob:with:colon", "carol"], keys.Keys.Order());
        Assert.Equal([0x00, 0xff], keys["alice"]);
        Assert.Equal([0xab], keys["bob:with:colon"]);
        Assert.Equal([0x12, 0x34], keys["carol"]);
    }

    [Theory]
    [InlineData("alice", "line 1")]
    [InlineData("alice:", "line 1")]
    [InlineData(":00ff", "line 1")]
    [InlineData("alice:00ff\nbob:secret", "line 2")]
    [InlineData("alice:00f", "line 1")]
    [InlineData("", "holds no line")]
    [InlineData("# nobody\n", "holds no line")]
    public void AMistakeIsNamedByItsLineAndNoKeyIsShown(string content, string named)
    {
        var error = Assert.Throws<StartupException>(() => Read(content));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed()
        => Assert.Contains("nosuch", Assert.Throws<StartupException>(() => new PskFile(_directory["nosuch"]).Read()).Message, StringComparison.Ordinal);

    public void Dispose() => _directory.Dispose();

    private IReadOnlyDictionary<string, byte[]> Read(string content)
    {
        File.WriteAllText(_directory["keys"], content);
        return new PskFile(_directory["keys"]).Read();
    }
}
