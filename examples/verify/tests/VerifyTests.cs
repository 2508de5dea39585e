using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;

public sealed class VerifyTests : IDisposable
{
    private const int Block = 4096;

    private readonly string _directory = Directory.CreateTempSubdirectory("verify-").FullName;
    private readonly byte[] _content = RandomNumberGenerator.GetBytes((10 * Block) + 77);

    private string Sums => Path.Combine(_directory, "sums");

    public VerifyTests() => File.WriteAllLines(Sums, _content.Chunk(Block).Select(block => Convert.ToHexStringLower(SHA256.HashData(block)) + "  -"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(0, (10 * Block) + 77)]
    [InlineData(100, 200)]
    [InlineData(Block - 1, 2 * Block)]
    [InlineData((10 * Block) + 1, 76)]
    public async Task WhatIsAsItShouldBeIsHandedOn(int offset, int length)
    {
        await using var disk = await OpenAsync(_content);

        Assert.Equal(_content[offset..(offset + length)], await ReadAsync(disk, offset, length));
    }

    [Fact]
    public async Task ABlockThatWasChangedCannotBeReadAndOthersCan()
    {
        await using var disk = await OpenAsync(_content);
        _content[(3 * Block) + 5] ^= 1;

        var refused = await Assert.ThrowsAsync<NbdException>(() => ReadAsync(disk, 3 * Block, 1));

        Assert.Equal((NbdError.EIO, "the block at 12288 has not the checksum that it should have"), (refused.Error, refused.Message));
        Assert.Equal(_content[(4 * Block)..], await ReadAsync(disk, 4 * Block, (6 * Block) + 77));
    }

    [Fact]
    public async Task NobodyWritesAndNoHoleIsBelieved()
    {
        await using var disk = await OpenAsync(_content);

        Assert.Equal((false, false), (disk.Capabilities.CanWrite, disk.Capabilities.CanExtents));
    }

    [Fact]
    public async Task ChecksumsOfAnotherDiskAreRefused()
        => Assert.Equal(
            "the checksums are those of another disk: there are 11 for one of 5 bytes",
            (await Assert.ThrowsAsync<NbdException>(() => OpenAsync(new byte[5]))).Message);

    [Fact]
    public async Task AFileThatHoldsNoChecksumsIsRefused()
    {
        File.AppendAllText(Sums, "and so on\n");

        Assert.Equal(
            $"verify-sums={Sums}: line 12 does not begin with a SHA-256, 64 hexadecimal digits",
            (await Assert.ThrowsAsync<ParameterException>(() => OpenAsync(_content))).Message);
    }

    [Fact]
    public async Task ACopyOfWhatWasChangedFails()
    {
        var image = Path.Combine(_directory, "image");
        File.WriteAllBytes(image, _content);
        string[] arguments = [$"--filter={typeof(VerifyFilter).Assembly.Location}", "file", image, $"verify-sums={Sums}", $"verify-block={Block}"];
        var copy = $"nbdcopy \"$uri\" {image}.copy";

        await ServedDisk.RunAsync("nbdcopy", copy, arguments);
        Assert.Equal(_content, File.ReadAllBytes(image + ".copy"));

        _content[^1] ^= 1;
        File.WriteAllBytes(image, _content);
        Assert.NotEqual(0, (await ServedDisk.TryAsync(copy, arguments)).Status);
    }

    private async Task<Disk> OpenAsync(byte[] content)
    {
        var source = new VerifyFilter().Wrap(
            new ArraySource(content), [new("verify-sums", Sums), new("verify-block", "4k")], new ComponentContext(NullLogger.Instance, TimeProvider.System));
        return await source.OpenAsync(new OpenRequest(), default);
    }

    private static async Task<byte[]> ReadAsync(Disk disk, int offset, int length)
    {
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, default);
        return buffer;
    }
}
