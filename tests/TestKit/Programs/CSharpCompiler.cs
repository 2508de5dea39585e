using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>Compiles assemblies whose code a test shows.</summary>
public static class CSharpCompiler
{
    private const string Usings = """
        global using System;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using SharpNbd.Abstractions;
        """;

    // All that this process was started with: the framework and what the server brings along.
    private static readonly IReadOnlyList<string> Known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    /// <summary>Compiles a library, with the namespaces imported that a plugin needs; the test fails when it does not compile.</summary>
    /// <param name="path">The file that is made.</param>
    /// <param name="code">The code.</param>
    /// <param name="references">Other libraries, which come before those of this process.</param>
    /// <returns>The path.</returns>
    public static string Compile(string path, string code, params string[] references)
    {
        var names = references.Append(path).Select(Path.GetFileName).ToHashSet();
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(code)],
            references.Concat(Known.Where(file => !names.Contains(Path.GetFileName(file)))).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }
}
