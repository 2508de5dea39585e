using System.Text;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class SourceFilesTests : LayoutTest
{
    /// <summary>Made by a shell, since .NET only makes files whose name is text.</summary>
    [Fact]
    public async Task AFileWhoseNameIsNoTextIsFoundAndRead()
    {
        await Tool.Require("sh").OutputAsync("-c", $"cd '{Directory.Path}' && printf hello > \"$(printf 'caf\\351\\nx')\"");

        var disk = await OpenAsync();

        Assert.Equal("hello", Encoding.ASCII.GetString(await ReadAsync(disk, 0, 5)));
        Assert.Equal(Directory["caf\ufffd?x"], Files.DisplayNameOf(0));
        Assert.Equal([.. FileName.ToBytes(Directory.Path), .. "/caf\xe9\nx".Select(c => (byte)c), 0], Files.PathOf(0));
    }

    [Fact]
    public async Task AFileDeeperThanAnyPathThatTheKernelTakesIsFoundAndRead()
    {
        await Tool.Require("python3").OutputAsync("-c", $"""
            import os
            os.chdir('{Directory.Path}')
            for depth in range(20):
                os.mkdir('d' * 255)
                os.chdir('d' * 255)
            open('file', 'w').write('deep')
            """);
        var directory = Files.AddRoot(Directory.Path);
        for (var depth = 0; depth < 20; depth++)
        {
            directory = Files.AddDirectory(directory, DirectoryReader.Read(Files, directory, followLinks: false).Single().Name);
        }

        var entry = Assert.Single(DirectoryReader.Read(Files, directory, followLinks: false));
        var builder = new LayoutBuilder();
        builder.AddFile(Files.AddFile(directory, entry.Name, entry.Facts.Identity), 0, entry.Facts.Size);

        Assert.Equal("deep", Encoding.ASCII.GetString(await ReadAsync(await OpenAsync(builder.Build()), 0, 4)));
    }

    [Fact]
    public async Task ADirectoryIsReadInTheOrderOfItsNamesWithAllThatIsKnown()
    {
        Directory.Write("é", "12345"u8);
        Directory.Write("Z", []);
        System.IO.Directory.CreateDirectory(Directory["a"]);
        File.CreateSymbolicLink(Directory["link"], "é");
        File.CreateSymbolicLink(Directory["nowhere"], "missing");
        await Tool.Require("chmod").OutputAsync("400", Directory["Z"]);
        var root = Files.AddRoot(Directory.Path);

        var entries = DirectoryReader.Read(Files, root, followLinks: false);
        var followed = DirectoryReader.Read(Files, root, followLinks: true);

        Assert.Equal(["Z", "a", "link", "nowhere", "é"], entries.Select(entry => Encoding.UTF8.GetString(entry.Name)));
        Assert.Equal([0x8100, 0x41ed, 0xa1ff, 0xa1ff, 0x81a4], entries.Select(entry => (int)entry.Facts.Mode));
        Assert.Equal(FileName.ToBytes("é"), entries[2].LinkTarget);
        Assert.Equal(5, followed[2].Facts.Size);
        Assert.True(followed[3].Facts.IsSymbolicLink);
    }
}
