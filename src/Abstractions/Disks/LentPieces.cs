using System.Runtime.InteropServices;

namespace SharpNbd.Abstractions;

/// <summary>
/// The content of a read as pieces where they lie, in order and without gaps: lent memory, and holes, which read as zeroes and of
/// which nothing is sent to a client that understands them. A list belongs to one request at a time.
/// </summary>
public sealed class LentPieces
{
    private readonly List<LentMemory> _pieces = [];

    /// <summary>The pieces so far; one without an address is a hole.</summary>
    public ReadOnlySpan<LentMemory> Pieces => CollectionsMarshal.AsSpan(_pieces);

    /// <summary>The bytes of all pieces together.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes of those that are not holes.</summary>
    public int LentLength { get; private set; }

    /// <summary>Adds memory behind the last piece.</summary>
    /// <param name="memory">The bytes, at least one, see <see cref="LentMemory"/> for how long they must stay.</param>
    public void Add(LentMemory memory)
    {
        ArgumentOutOfRangeException.ThrowIfZero(memory.Address);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memory.Length);
        _pieces.Add(memory);
        Length += memory.Length;
        LentLength += memory.Length;
    }

    /// <summary>Adds a hole behind the last piece. Neighbours become one.</summary>
    /// <param name="length">The number of bytes, at least 1.</param>
    public void AddHole(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length += length;
        if (_pieces.Count > 0 && _pieces[^1].Address == 0)
        {
            length += _pieces[^1].Length;
            _pieces.RemoveAt(_pieces.Count - 1);
        }

        _pieces.Add(new LentMemory(0, length));
    }

    /// <summary>Empties the list for another request.</summary>
    public void Clear()
    {
        _pieces.Clear();
        Length = LentLength = 0;
    }
}
