using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>Makes an assembly out of the files of a script. Nothing but this type uses the compiler.</summary>
internal static class ScriptCompiler
{
    private const int MostErrors = 20;

    // What a script needs in any case.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.Logging;
        global using SharpNbd.Abstractions;
        global using SharpNbd.Scripting;
        """;

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
        warningLevel: 0, deterministic: true);

    /// <summary>Compiles.</summary>
    /// <returns>The assembly, with its symbols inside.</returns>
    /// <exception cref="ParameterException">The errors, each as <c>file:line:column: message</c>.</exception>
    public static byte[] Compile(ScriptFiles files)
    {
        var syntax = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = files.Sources
            .Select(file => CSharpSyntaxTree.ParseText(SourceText.From(file.Text, Encoding.UTF8), syntax, file.Path))
            .Append(CSharpSyntaxTree.ParseText(Usings, syntax));
        var compilation = CSharpCompilation.Create(
            $"{Path.GetFileNameWithoutExtension(files.Script)}-script", trees, [.. Offered(), .. files.References.Select(Referenced)], Options);
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        if (result.Success)
        {
            return assembly.ToArray();
        }

        var names = files.Sources.ToDictionary(file => file.Path, file => file.Name);
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var lines = errors.Take(MostErrors).Select(error => Line(error, names)).Distinct().ToList();
        throw new ParameterException(errors.Count > MostErrors ? [.. lines, $"and {errors.Count - MostErrors} errors more"] : lines);
    }

    /// <summary>The libraries that every script can use: the framework, and what plugins are written against.</summary>
    public static IEnumerable<string> OfferedFiles()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        return ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == framework)
            .Concat([typeof(Disk).Assembly.Location, typeof(ILogger).Assembly.Location, typeof(ScriptDisk).Assembly.Location]);
    }

    private static IEnumerable<MetadataReference> Offered() => OfferedFiles().Select(file => MetadataReference.CreateFromFile(file));

    private static PortableExecutableReference Referenced(KeyValuePair<string, byte[]> reference)
        => MetadataReference.CreateFromImage(reference.Value, filePath: reference.Key);

    private static string Line(Diagnostic error, Dictionary<string, string> names)
    {
        var message = $"{error.GetMessage()} ({error.Id})";
        if (!error.Location.IsInSource)
        {
            return message;
        }

        var place = error.Location.GetLineSpan();
        return $"{names.GetValueOrDefault(place.Path, place.Path)}:{place.StartLinePosition.Line + 1}:{place.StartLinePosition.Character + 1}: {message}";
    }
}
