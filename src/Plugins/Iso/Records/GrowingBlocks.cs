namespace SharpNbd.Plugins;

/// <summary>Memory that grows block by block, out of which pieces are taken that do not cross a block.</summary>
internal sealed class GrowingBlocks
{
    private byte[] _bytes = new byte[16 * IsoField.Block];
    private int _length;

    /// <summary>What has been taken so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The length of the blocks that this takes.</summary>
    public int BlocksLength => (_length + IsoField.Block - 1) / IsoField.Block * IsoField.Block;

    public void Clear()
    {
        _bytes.AsSpan(0, _length).Clear();
        _length = 0;
    }

    /// <summary>Takes the next bytes, all zero; in the next block if this one has not room for them.</summary>
    public Span<byte> Take(int length)
    {
        if ((_length % IsoField.Block) + length > IsoField.Block)
        {
            _length = BlocksLength;
        }

        if (_length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        }

        var taken = _bytes.AsSpan(_length, length);
        _length += length;
        return taken;
    }
}
