using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>What operating systems without a form of their own get.</summary>
public sealed class PortableOpenedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void AFileIsReadUntilItsEnd()
    {
        var file = PortableOpenedFile.Open(0, [.. FileName.ToBytes(_directory.Write("a", "hello"u8)), 0]);
        var buffer = new byte[10];
        Assert.Equal(4, file.Read(1, buffer));
        Assert.Equal("ello"u8, buffer.AsSpan(0, 4));
        file.Leave();
    }

    [Fact]
    public void AChangeIsSeen()
    {
        var path = _directory.Write("a", "hello"u8);
        var scanned = FileIdentity.Of(new FileInfo(path));
        var file = PortableOpenedFile.Open(0, [.. FileName.ToBytes(path), 0]);
        Assert.Null(file.ChangeSince(scanned));

        File.AppendAllText(path, "!");

        Assert.Equal("its size was 5 and is 6", file.ChangeSince(scanned));
        file.Leave();
    }

    [Fact]
    public void AFileThatIsNotThereIsToldFromOneThatCannotBeRead()
        => Assert.Equal(Errno.ENOENT, Assert.Throws<IOException>(() => PortableOpenedFile.Open(0, [.. FileName.ToBytes(_directory["a"]), 0])).HResult);

    public void Dispose() => _directory.Dispose();
}
