using System.Runtime.Versioning;
using SharpNbd.TestKit;

namespace SharpNbd.Scripting.Tests;

public sealed class ScriptCacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void WhatWasStoredIsFoundUntilAFileChanges()
    {
        var files = Script("one");

        ScriptCache.In(_directory["cache"], files)!.Store([1, 2, 3]);

        Assert.Equal([1, 2, 3], ScriptCache.In(_directory["cache"], Script("one"))!.Find());
        Assert.Null(ScriptCache.In(_directory["cache"], Script("two"))!.Find());
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void ADirectoryThatOthersMayWriteToIsNotUsed()
    {
        Directory.CreateDirectory(_directory["cache/sharpnbd/scripts"]);
        File.SetUnixFileMode(_directory["cache/sharpnbd/scripts"], (UnixFileMode)0x1ff);

        Assert.Null(ScriptCache.In(_directory["cache"], Script("one")));
    }

    public void Dispose() => _directory.Dispose();

    private ScriptFiles Script(string text)
    {
        File.WriteAllText(_directory["disk.csx"], text);
        return ScriptFiles.Read(_directory["disk.csx"]);
    }
}
