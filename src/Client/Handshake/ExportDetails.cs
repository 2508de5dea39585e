using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>Collects what a server tells about an export, piece by piece ("NBD_REP_INFO").</summary>
/// <param name="name">The name that was asked for.</param>
internal sealed class ExportDetails(string name)
{
    private string _name = name;
    private string? _description;
    private BlockSize? _blockSize;
    private (ulong Size, ExportFlags Flags)? _facts;

    /// <summary>Takes one piece. Unknown ones are skipped, as the protocol asks for.</summary>
    /// <exception cref="NbdConnectionException">It makes no sense.</exception>
    public void Take(OptionReply reply)
    {
        var data = reply.Data.AsSpan(2);
        switch ((InfoType)BinaryPrimitives.ReadUInt16BigEndian(reply.Data))
        {
            case InfoType.Export when data.Length == 10:
                _facts = (BinaryPrimitives.ReadUInt64BigEndian(data), (ExportFlags)BinaryPrimitives.ReadUInt16BigEndian(data[8..]));
                break;
            case InfoType.BlockSize when data.Length == 12:
                _blockSize = BlockSizeOf(data);
                break;
            case InfoType.Name when data.Length <= WireText.LongestString:
                _name = WireText.Decode(data);
                break;
            case InfoType.Description when data.Length <= WireText.LongestString:
                _description = WireText.Decode(data);
                break;
            case InfoType.Export or InfoType.BlockSize or InfoType.Name or InfoType.Description:
                throw reply.Nonsense();
            default:
                break;
        }
    }

    /// <summary>The export.</summary>
    /// <exception cref="NbdConnectionException">The size was not told.</exception>
    public NbdExport ToExport()
        => _facts is var (size, flags)
            ? NbdExport.Of(_name, size, flags) with { Description = _description, BlockSize = _blockSize }
            : throw new NbdConnectionException("the server opened the export without telling its size");

    private static BlockSize BlockSizeOf(ReadOnlySpan<byte> data)
    {
        var minimum = BinaryPrimitives.ReadUInt32BigEndian(data);
        var preferred = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        var maximum = BinaryPrimitives.ReadUInt32BigEndian(data[8..]);
        try
        {
            return new BlockSize(minimum, preferred, maximum);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new NbdConnectionException($"the server's block sizes make no sense: minimum {minimum}, preferred {preferred}, maximum {maximum}");
        }
    }
}
