namespace SharpNbd.Plugins.Tests;

public sealed class FatTableTests
{
    // Two files: clusters 2 to 4, and 5; then three free clusters.
    private static readonly uint[] Ends = [4, 5];

    [Theory]
    [InlineData(12, "f8ffff034000ffffff000000000000")]
    [InlineData(16, "f8ffffff03000400ffffffff000000000000")]
    [InlineData(32, "f8ffff0fffffff0f0300000004000000ffffff0fffffff0f000000000000000000000000")]
    public void EachFileIsAChainAndTheRestIsFree(int bits, string expected)
        => Assert.Equal(expected, Convert.ToHexStringLower(Read(bits, 0, expected.Length / 2)));

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void EveryPartReadsAsInTheWhole(int bits)
    {
        var whole = Read(bits, 0, 48);
        for (var offset = 0; offset < whole.Length; offset++)
        {
            for (var length = 1; offset + length <= whole.Length; length++)
            {
                Assert.Equal(whole[offset..(offset + length)], Read(bits, offset, length));
            }
        }
    }

    private static byte[] Read(int bits, long offset, int length)
    {
        var kind = bits switch { 12 => FatKind.Fat12, 16 => FatKind.Fat16, _ => FatKind.Fat32 };
        var buffer = new byte[length];
        new FatTable(kind, 0xf8, Ends, 512).Fill(offset, buffer);
        return buffer;
    }
}
