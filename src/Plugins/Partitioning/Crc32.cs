namespace SharpNbd.Plugins;

/// <summary>The checksum of GUID partition tables: that of Ethernet and zip (UEFI specification, "EFI_BOOT_SERVICES.CalculateCrc32()").</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb8_8320;

    /// <summary>The checksum of bytes. They are few, so it is computed bit by bit.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum >> 1) ^ ((checksum & 1) * Polynomial);
            }
        }

        return ~checksum;
    }
}
