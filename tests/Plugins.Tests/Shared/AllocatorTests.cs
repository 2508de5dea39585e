namespace SharpNbd.Plugins.Tests;

public sealed class AllocatorTests
{
    [Theory]
    [InlineData("sparse", false, false)]
    [InlineData("malloc", true, false)]
    [InlineData("malloc,mlock", true, true)]
    [InlineData("malloc,mlock=true", true, true)]
    [InlineData("malloc,mlock=1", true, true)]
    [InlineData("malloc,mlock=off", true, false)]
    public void TheFormsOfNbdkitAreUnderstood(string text, bool isFlat, bool isLocked)
        => Assert.Equal(new Allocator(isFlat, isLocked), Allocator.Parse(text));

    [Theory]
    [InlineData("", "one of sparse, malloc, malloc,mlock=true is needed")]
    [InlineData("foo", "one of sparse, malloc, malloc,mlock=true is needed")]
    [InlineData("sparse,x=1", "one of sparse, malloc, malloc,mlock=true is needed")]
    [InlineData("malloc,foo=1", "one of sparse, malloc, malloc,mlock=true is needed")]
    [InlineData("malloc,mlock=maybe", "mlock is true or false; one of sparse, malloc, malloc,mlock=true is needed")]
    [InlineData("zstd", "known to nbdkit, not built yet; one of sparse, malloc, malloc,mlock=true is needed")]
    public void OtherFormsAreRefused(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => Allocator.Parse(text)).Message);
}
