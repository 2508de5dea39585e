namespace SharpNbd.Plugins.Tests;

internal static class FileIdentities
{
    /// <summary>What a file is now.</summary>
    public static FileIdentity Of(string path)
    {
        Assert.True(FileStatus.TryGet(Libc.CurrentDirectory, path, out var status));
        return FileIdentity.Of(status);
    }
}
