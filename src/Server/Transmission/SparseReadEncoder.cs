using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Writes the content of reads that the disk answers in pieces: holes as NBD_REPLY_TYPE_OFFSET_HOLE, of which no byte is sent, where the
/// client understands them, otherwise as zeroes. Nothing is copied: lent memory has to stay until it is sent.
/// </summary>
internal sealed class SparseReadEncoder(HeaderForm headers)
{
    /// <summary>A shorter hole between data costs the client more as a chunk of its own than as zeroes.</summary>
    private const int ShortestHole = 32 << 10;

    private const int OffsetSize = 8;
    private const int HoleSize = OffsetSize + 4;

    // Sent again and again, at a fixed address as everything that is sent has to be, and never written to.
    private static readonly byte[] Zeroes = GC.AllocateArray<byte>(64 << 10, pinned: true);

    private readonly ChunkForm _chunks = new(headers);

    /// <summary>Whether a reply may have several chunks: to a client that understands them and has not asked for a single one ("NBD_CMD_FLAG_DF").</summary>
    public bool MayFragment(in RequestHeader request) => headers != HeaderForm.Simple && (request.Flags & CommandFlags.Df) == 0;

    /// <summary>Queues a reply's chunks.</summary>
    public void WriteChunks(in RequestHeader request, LentPieces content, GatherWriter output)
    {
        var offset = request.Offset;
        for (var pieces = content.Pieces; !pieces.IsEmpty;)
        {
            var length = pieces[0].Length;
            var count = 1;
            if (IsTold(pieces[0], content.Length))
            {
                WriteHole(request, offset, length, isDone: pieces.Length == 1, output);
            }
            else
            {
                while (count < pieces.Length && !IsTold(pieces[count], content.Length))
                {
                    length += pieces[count++].Length;
                }

                WriteDataHeader(request, offset, length, isDone: pieces.Length == count, output);
                Append(pieces[..count], output);
            }

            offset += (ulong)length;
            pieces = pieces[count..];
        }
    }

    /// <summary>Queues all of the content as bytes.</summary>
    public static void Append(ReadOnlySpan<LentMemory> pieces, GatherWriter output)
    {
        foreach (var piece in pieces)
        {
            if (piece.Address != 0)
            {
                output.AppendLent(piece);
                continue;
            }

            for (var left = piece.Length; left > 0; left -= Zeroes.Length)
            {
                output.Append(Zeroes.AsSpan(0, Math.Min(left, Zeroes.Length)));
            }
        }
    }

    /// <summary>Queues the header of a chunk of data.</summary>
    public void WriteDataHeader(in RequestHeader request, ulong offset, int length, bool isDone, GatherWriter output)
    {
        var wire = output.GetSpan(_chunks.HeaderSize + OffsetSize);
        _chunks.WriteHeader(wire, request, ReplyChunkType.OffsetData, OffsetSize + length, isDone);
        BinaryPrimitives.WriteUInt64BigEndian(wire[_chunks.HeaderSize..], offset);
        output.Advance(_chunks.HeaderSize + OffsetSize);
    }

    private static bool IsTold(LentMemory piece, int all) => piece.Address == 0 && (piece.Length >= ShortestHole || piece.Length == all);

    private void WriteHole(in RequestHeader request, ulong offset, int length, bool isDone, GatherWriter output)
    {
        var wire = output.GetSpan(_chunks.HeaderSize + HoleSize);
        _chunks.WriteHeader(wire, request, ReplyChunkType.OffsetHole, HoleSize, isDone);
        BinaryPrimitives.WriteUInt64BigEndian(wire[_chunks.HeaderSize..], offset);
        BinaryPrimitives.WriteUInt32BigEndian(wire[(_chunks.HeaderSize + OffsetSize)..], (uint)length);
        output.Advance(_chunks.HeaderSize + HoleSize);
    }
}
