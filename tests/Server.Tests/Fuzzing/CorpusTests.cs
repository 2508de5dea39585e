using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Everything in fuzz/corpus, which fuzzers begin with and leave their findings in, is served as it has to be.</summary>
public sealed class CorpusTests
{
    private static string Corpus => Path.Combine(Repository.Root, "fuzz", "corpus");

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void EveryInputIsServedAsItHasToBe(string name)
    {
        var files = Directory.GetFiles(Path.Combine(Corpus, name));
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            try
            {
                FuzzTarget.Find(name)!.Run(File.ReadAllBytes(file));
            }
            catch (FuzzFindingException finding)
            {
                Assert.Fail($"{file}: {finding.Message}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void TheInputsToBeginWithAreThere(string name)
        => Assert.All(
            FuzzSeeds.Of(FuzzTarget.Find(name)!),
            seed => Assert.Equal(seed.Input, File.ReadAllBytes(Path.Combine(Corpus, name, seed.Name))));

    [Fact]
    public void EveryFolderIsATarget()
        => Assert.Equal(FuzzTarget.All.Select(target => target.Name).Order(), Directory.GetDirectories(Corpus).Select(Path.GetFileName).Order());
}
