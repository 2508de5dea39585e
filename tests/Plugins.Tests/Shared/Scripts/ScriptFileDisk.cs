using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A disk for the contract suite that shell scripts keep in a file.</summary>
internal sealed class ScriptFileDisk
{
    private readonly TemporaryDirectory _directory = new();

    public ScriptFileDisk(byte[] content)
    {
        Content = content;
        _directory.Write("disk", content);
    }

    public byte[] Content { get; }

    public string Path => _directory["disk"];

    /// <summary>The methods; FILE stands for the file.</summary>
    public (string Method, string Script)[] Methods =>
    [
        ("thread_model", "echo parallel"),
        ("get_size", $"stat -c %s {Path}"),
        ("can_multi_conn", "exit 0"),
        ("can_fua", "echo native"),
        ("can_fast_zero", "exit 0"),
        ("pread", $"dd if={Path} skip=$4 count=$3 iflag=count_bytes,skip_bytes bs=64k status=none"),
        ("pwrite", $"dd of={Path} seek=$4 conv=notrunc oflag=seek_bytes bs=64k iflag=fullblock status=none"),
        ("flush", "exit 0"),
        ("trim", "exit 0"),
        ("zero", $"dd if=/dev/zero of={Path} seek=$4 count=$3 conv=notrunc iflag=count_bytes oflag=seek_bytes bs=64k status=none"),
        ("cache", "exit 0"),
        ("extents", "echo \"$4 $3\""),
    ];

    /// <summary>A script for the sh plugin with these methods.</summary>
    public string WriteScript()
    {
        string[] asked = ["write", "flush", "trim", "zero", "extents"];
        var cases = Methods.Select(method => $"{method.Method}) {method.Script} ;;")
            .Concat(asked.Select(name => $"can_{name}) exit 0 ;;")).Append("can_cache) echo native ;;").Append("*) exit 2 ;;");
        return _directory.WriteScript("disk.sh", $"#!/bin/sh\ncase $1 in\n{string.Join('\n', cases)}\nesac\n");
    }

    public void Remove() => _directory.Dispose();
}
