using System.Buffers.Binary;

namespace SharpNbd.TestKit;

/// <summary>Reads numbers of the protocol one behind the other. What is not there is a finding.</summary>
/// <param name="bytes">All of them.</param>
internal ref struct WireCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    public ReadOnlySpan<byte> Take(long count, string what)
    {
        if (count < 0 || count > Left)
        {
            throw new FuzzFindingException($"{what} at byte {Position} ends behind {Left} of {count} bytes");
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public void Skip(long count) => Position += (int)Math.Min(count, Left);

    public ushort U16(string what) => BinaryPrimitives.ReadUInt16BigEndian(Take(2, what));

    public uint U32(string what) => BinaryPrimitives.ReadUInt32BigEndian(Take(4, what));

    public ulong U64(string what) => BinaryPrimitives.ReadUInt64BigEndian(Take(8, what));
}
