using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class OnesContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var value = (byte)random.Next(256);
        var content = new byte[size];
        content.AsSpan().Fill(value);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new OnesPlugin(), $"size={size}", $"byte={value}"),
            Content = content,
            KeepsWrites = false,
        };
    }
}
