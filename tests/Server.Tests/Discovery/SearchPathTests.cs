using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class SearchPathTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("MyDisk.dll", "mydisk")]
    [InlineData("MyDisk.dll", "my-disk")]
    [InlineData("my-disk.dll", "my-disk")]
    [InlineData("MyDisk/MyDisk.dll", "my-disk")]
    [InlineData("my-disk/MyDisk.dll", "my-disk")]
    public void AFileOrADirectoryOfTheNameIsFound(string file, string name)
        => Assert.Equal(Make("parts/" + file), SearchPath.Plugins([_directory["parts"]]).Find(name));

    [Theory]
    [InlineData("MyDisk.so", "mydisk")]
    [InlineData("MyDisk.dll", "mydisc")]
    [InlineData("MyDisk/Other.dll", "mydisk")]
    [InlineData("Other/MyDisk.dll", "mydisk")]
    public void NothingElseIsFound(string file, string name)
    {
        Make("parts/" + file);

        Assert.Null(SearchPath.Plugins([_directory["parts"]]).Find(name));
    }

    [Fact]
    public void TheFirstDirectoryWins()
    {
        Make("one/A.dll");
        var b = (Make("one/B.dll"), Make("two/B.dll")).Item1;
        var c = Make("two/C.dll");
        var path = SearchPath.Filters([_directory["one"], _directory["two"], _directory["three"]]);

        Assert.Equal((b, c), (path.Find("b"), path.Find("c")));
        Assert.Equal(_directory["one"], path.First);
    }

    [Fact]
    public void TheDirectoryBesideTheProgramIsTheLast()
    {
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "plugins"), SearchPath.Plugins([]).First);
        Assert.Equal([_directory["one"], Path.Combine(AppContext.BaseDirectory, "filters")], SearchPath.Filters([_directory["one"]]).All);
    }

    private string Make(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[name])!);
        return _directory.Write(name, []);
    }
}
