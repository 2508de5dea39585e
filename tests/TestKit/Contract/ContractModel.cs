using SharpNbd.Abstractions;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>What a disk must hold. Bytes that were trimmed may be what they were or zero, until they are written again.</summary>
/// <param name="content">What the disk holds at first.</param>
/// <param name="keepsWrites">False for disks that forget what is written.</param>
internal sealed class ContractModel(byte[] content, bool keepsWrites)
{
    private readonly byte[] _content = [.. content];
    private readonly bool[] _trimmed = new bool[content.Length];

    public long Size => _content.Length;

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (keepsWrites)
        {
            data.CopyTo(_content.AsSpan((int)offset));
            _trimmed.AsSpan((int)offset, data.Length).Clear();
        }
    }

    public void Zero(ByteRange range)
    {
        if (keepsWrites)
        {
            _content.AsSpan((int)range.Offset, (int)range.Length).Clear();
            _trimmed.AsSpan((int)range.Offset, (int)range.Length).Clear();
        }
    }

    public void Trim(ByteRange range)
    {
        if (keepsWrites)
        {
            _trimmed.AsSpan((int)range.Offset, (int)range.Length).Fill(true);
        }
    }

    public void Check(long offset, ReadOnlySpan<byte> actual)
    {
        var start = (int)offset;
        var expected = _content.AsSpan(start, actual.Length);
        for (var i = expected.CommonPrefixLength(actual); i < actual.Length; i++)
        {
            if (actual[i] != expected[i] && (!_trimmed[start + i] || actual[i] != 0))
            {
                Assert.Fail($"byte {offset + i} reads as 0x{actual[i]:x2} instead of 0x{expected[i]:x2}");
            }
        }
    }

    public void CheckZero(Extent extent)
    {
        var content = _content.AsSpan((int)extent.Offset, (int)extent.Length);
        for (var i = content.IndexOfAnyExcept((byte)0); i >= 0 && i < content.Length; i++)
        {
            if (content[i] != 0 && !_trimmed[(int)extent.Offset + i])
            {
                Assert.Fail($"the extent {extent} is said to be zero, but byte {extent.Offset + i} is 0x{content[i]:x2}");
            }
        }
    }
}
