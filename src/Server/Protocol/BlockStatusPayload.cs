using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>
/// Client to server: the payload of a block status request which says what it wants to know ("NBD_CMD_BLOCK_STATUS", extension branch):
/// 64 bits of effect length, then the 32-bit id of each context.
/// </summary>
internal static class BlockStatusPayload
{
    private const int LengthSize = 8;
    private const int IdSize = 4;

    /// <summary>The longest one that can be right: it names every context, and there is one.</summary>
    public const int LongestSize = LengthSize + IdSize;

    /// <summary>Reads a payload.</summary>
    /// <param name="wire">All of it, at most <see cref="LongestSize"/>.</param>
    /// <param name="context">The id that was agreed on.</param>
    /// <param name="length">The effect length.</param>
    /// <returns>False unless it names that context, once.</returns>
    public static bool TryParse(ReadOnlySpan<byte> wire, uint context, out ulong length)
    {
        length = 0;
        if (wire.Length != LongestSize || BinaryPrimitives.ReadUInt32BigEndian(wire[LengthSize..]) != context)
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt64BigEndian(wire);
        return true;
    }
}
