using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class ExternalComponentsTests : IDisposable
{
    private const string OldAbstractions = """
        [assembly: System.Reflection.AssemblyVersion("0.0.9.0")]
        namespace SharpNbd.Abstractions { public class Old { } }
        """;

    private const string NewAbstractions = """
        [assembly: System.Reflection.AssemblyVersion("7.2.0.0")]
        namespace SharpNbd.Abstractions { public class New { } }
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void APluginAndAFilterMayShareAnAssembly()
    {
        var file = Compile(ExternCode.Plugin("Offsets") + ExternCode.Filter("Flip"));

        Assert.Equal("offsets", ExternalComponents.Load<Plugin>(file).Name);
        Assert.Equal("flip", ExternalComponents.Load<Filter>(file).Name);
    }

    [Fact]
    public void EachAssemblyHasItsOwnCopyOfWhatItBringsAlong()
    {
        var (one, two) = (WithLibrary("one"), WithLibrary("two"));

        Assert.Equal(
            ["one", "two"],
            [ExternalComponents.Load<Plugin>(one).Facts.Single().Value, ExternalComponents.Load<Plugin>(two).Facts.Single().Value]);
    }

    [Fact]
    public void ALibraryOfTheServerIsNotShared()
    {
        var library = CSharpCompiler.Compile(_directory["library/Microsoft.Extensions.Logging.dll"], "public class LoggerFactory { }");
        var file = CSharpCompiler.Compile(
            _directory["Plain.dll"], ExternCode.Plugin("Plain", "public Plain() => System.GC.KeepAlive(new LoggerFactory());"), library);

        Complains<Plugin>(file, "Plain cannot be made: FileNotFoundException: Could not load file or assembly 'Microsoft.Extensions.Logging");
    }

    [Fact]
    public void AnAssemblyOfAnotherVersionIsRefused()
    {
        var older = CSharpCompiler.Compile(_directory["old/SharpNbd.Abstractions.dll"], OldAbstractions);
        var newer = CSharpCompiler.Compile(_directory["new/SharpNbd.Abstractions.dll"], NewAbstractions);
        var offered = typeof(Component).Assembly.GetName().Version!.ToString(2);

        Complains<Plugin>(
            CSharpCompiler.Compile(_directory["Older.dll"], "public class A : Old { }", older),
            $"it was built against version 0.0 of SharpNbd.Abstractions, and this server has {offered}; it has to be built again");
        Complains<Plugin>(
            CSharpCompiler.Compile(_directory["Newer.dll"], "public class A : New { }", newer),
            $"it was built against version 7.2 of SharpNbd.Abstractions, and this server has {offered}; a newer server is needed");
    }

    [Fact]
    public void AnAssemblyWithoutTheComponentThatIsWantedIsRefused()
    {
        Complains<Plugin>(Compile("public class A { }"), "it does not use SharpNbd.Abstractions, so there is neither a plugin nor a filter in it");
        Complains<Plugin>(
            Compile(ExternCode.Plugin("Hidden").Replace("public sealed class", "internal sealed class", StringComparison.Ordinal)),
            "there is no public plugin in it");

        var filter = Compile(ExternCode.Filter("Flip"));
        Complains<Plugin>(filter, "there is no public plugin in it, but a filter, Flip: it is named by --filter=");
        var plugin = Compile(ExternCode.Plugin("Offsets"));
        Complains<Filter>(plugin, "there is no public filter in it, but a plugin, Offsets: it is named without --filter");
    }

    [Fact]
    public void TwoComponentsOfAKindAreRefused()
        => Complains<Plugin>(
            Compile(ExternCode.Plugin("First") + ExternCode.Plugin("Second")),
            "there are 2 public plugins in it, and an assembly has one: First, Second");

    [Fact]
    public void AComponentThatCannotBeMadeIsRefused()
    {
        Complains<Plugin>(
            Compile(ExternCode.Plugin("Picky", "public Picky(int number) { }")), "Picky has no public constructor without parameters");
        Complains<Plugin>(
            Compile(ExternCode.Plugin("Broken", """public Broken() => throw new System.InvalidOperationException("not\ntoday");""")),
            "Broken cannot be made: InvalidOperationException: not today");
        Complains<Plugin>(
            Compile(ExternCode.Plugin("Broken", """static Broken() => int.Parse("one");""")),
            "Broken cannot be made: FormatException: The input string 'one' was not in a correct format.");
        Complains<Plugin>(
            Compile(ExternCode.Plugin("Odd").Replace("\"odd\"", "\"very odd\"", StringComparison.Ordinal)),
            "Odd has the name 'very odd', and letters, digits and - are needed");
    }

    private string WithLibrary(string name)
    {
        var library = CSharpCompiler.Compile(_directory[$"{name}/Library.dll"], $$"""public static class Library { public static string Name => "{{name}}"; }""");
        return CSharpCompiler.Compile(
            _directory[$"{name}/Offsets.dll"],
            ExternCode.Plugin(
                "Offsets",
                """public override System.Collections.Generic.IEnumerable<System.Collections.Generic.KeyValuePair<string, string>> Facts => [new("library", Library.Name)];"""),
            library);
    }

    private string Compile(string code) => CSharpCompiler.Compile(_directory[$"{Guid.NewGuid():N}.dll"], code);

    private static void Complains<T>(string file, string complaint)
        where T : Component
        => Assert.StartsWith(
            $"{(typeof(T) == typeof(Plugin) ? "plugin" : "filter")} '{file}': {complaint}",
            Assert.Single(Assert.Throws<ParameterException>(() => ExternalComponents.Load<T>(file)).Errors));
}
