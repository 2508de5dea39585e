namespace SharpNbd.Plugins;

/// <summary>Collects the pieces of a sequence; bytes that follow each other become one piece.</summary>
internal sealed class SequenceBuilder
{
    private readonly List<(long Offset, DataPiece Piece)> _parts = [];
    private readonly List<byte> _bytes = [];
    private long _bytesOffset;
    private long _length;

    /// <summary>Puts a piece somewhere.</summary>
    public void Add(long offset, DataPiece piece)
    {
        if (piece is BytesPiece { Length: <= DataPiece.LongestFold } literal)
        {
            if (_bytes.Count > DataPiece.LongestFold || _bytesOffset + _bytes.Count != offset)
            {
                EndBytes();
                _bytesOffset = offset;
            }

            _bytes.AddRange(literal.Bytes);
        }
        else if (piece.Length > 0)
        {
            EndBytes();
            _parts.Add((offset, piece));
        }
    }

    /// <summary>The sequence reaches at least so far.</summary>
    public void Grow(long length) => _length = Math.Max(_length, length);

    /// <summary>The sequence as one piece.</summary>
    public DataPiece Build()
    {
        EndBytes();
        return _parts switch
        {
            [] => _length == 0 ? BytesPiece.Empty : new ZeroPiece(_length),
            [(0, var only)] when only.Length == _length => only,
            _ => DataPiece.Fold(new SequencePiece([.. _parts], _length)),
        };
    }

    private void EndBytes()
    {
        if (_bytes.Count > 0)
        {
            _parts.Add((_bytesOffset, new BytesPiece([.. _bytes])));
            _bytes.Clear();
        }
    }
}
