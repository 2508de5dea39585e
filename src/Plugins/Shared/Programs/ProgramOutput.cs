using System.Text;

namespace SharpNbd.Plugins;

/// <summary>What a program writes, up to a limit.</summary>
internal sealed class ProgramOutput
{
    private const int FirstLength = 4096;

    private readonly int _limit;
    private Memory<byte> _memory;

    /// <summary>Collects into memory of its own.</summary>
    /// <param name="limit">How many bytes are wanted at most.</param>
    public ProgramOutput(int limit) => _limit = limit;

    /// <summary>Writes into memory of another's: the bytes of a disk, of which there are neither more nor less.</summary>
    public ProgramOutput(Memory<byte> memory)
    {
        _memory = memory;
        _limit = memory.Length;
    }

    /// <summary>How many bytes were taken.</summary>
    public int Length { get; private set; }

    /// <summary>There was more than is wanted.</summary>
    public bool HasOverflown { get; set; }

    /// <summary>What is too much is taken and dropped; otherwise the program is no longer listened to.</summary>
    public bool DropsRest { get; init; }

    /// <summary>The bytes that were taken.</summary>
    public ReadOnlySpan<byte> Bytes => _memory.Span[..Length];

    /// <summary>The bytes that were taken, as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Where the next bytes go; empty at the limit.</summary>
    public Span<byte> Room()
    {
        if (Length == _memory.Length && Length < _limit)
        {
            Memory<byte> larger = new byte[Math.Min(_limit, Math.Max(FirstLength, 2 * Length))];
            _memory.CopyTo(larger);
            _memory = larger;
        }

        return _memory.Span[Length..];
    }

    /// <summary>Takes what was put there.</summary>
    public void Advance(int count) => Length += count;
}
