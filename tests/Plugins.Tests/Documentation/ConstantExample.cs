using SharpNbd.Abstractions;
using SharpNbd.TestKit;

// The example of docs/writing-a-plugin.md, word for word: a test compares them.
namespace SharpNbd.Plugins.Tests;

public sealed record ConstantOptions
{
    [Parameter("size", "Size of the disk, for example 100M.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    [Parameter("byte", "The byte.")]
    public int Byte { get; init; } = 255;
}

public sealed class ConstantPlugin : Plugin<ConstantOptions>
{
    public override string Name => "constant";

    public override string Summary => "Disk of one byte, over and over";

    public override DiskOperations Operations => DiskOperations.None;

    protected override ValueTask<DiskSource> CreateAsync(ConstantOptions options, ComponentContext context, CancellationToken cancellationToken)
        => options.Byte is >= 0 and <= 255
            ? new(new ConstantSource(options))
            : throw new ParameterException($"byte={options.Byte}: a byte is 0 to 255");
}

internal sealed class ConstantSource(ConstantOptions options) : DiskSource
{
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new ConstantDisk(options));
}

internal sealed class ConstantDisk(ConstantOptions options) : Disk
{
    public override long Size => options.Size.Value;

    public override DiskCapabilities Capabilities { get; } = new() { CanMultiConn = true };

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Fill((byte)options.Byte);
        return ValueTask.CompletedTask;
    }
}

public sealed class ConstantContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = new byte[size];
        content.AsSpan().Fill(255);
        return new() { Source = await PluginRunner.CreateAsync(new ConstantPlugin(), $"size={size}"), Content = content };
    }
}
