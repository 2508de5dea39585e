using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A plugin and a filter that are compiled once and lie where a user might have put them.</summary>
public sealed class ExternParts : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The directory of the plugin: byte o of its disk is o modulo 251, plus 1 by the library that it brings along.</summary>
    public string PluginDirectory => _directory["plugins"];

    /// <summary>The directory of the filter, which flips all bits.</summary>
    public string FilterDirectory => _directory["filters"];

    /// <summary>The plugin.</summary>
    public string Plugin => _directory["plugins/OffsetDisk/OffsetDisk.dll"];

    /// <summary>The filter.</summary>
    public string Filter => _directory["filters/Flip.dll"];

    /// <summary>Byte o of the disk.</summary>
    public static byte ByteAt(long o) => (byte)((o % 251) + 1);

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        // The server has a library of this name, too, and the plugin must get its own.
        var library = CSharpCompiler.Compile(
            _directory["plugins/OffsetDisk/BouncyCastle.Cryptography.dll"], "public static class Step { public static int Size => 1; }");
        CSharpCompiler.Compile(Plugin, ExternCode.Plugin("OffsetDisk", "", "o % 251 + Step.Size"), library);
        CSharpCompiler.Compile(Filter, ExternCode.Filter("Flip"));
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }
}
