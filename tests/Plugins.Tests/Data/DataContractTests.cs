using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class DataContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = ContractContent.WithHoles(size, random);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new DataPlugin(), $"base64={Convert.ToBase64String(content)}"),
            Content = content,
        };
    }
}
