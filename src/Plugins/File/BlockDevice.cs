using System.Globalization;

namespace SharpNbd.Plugins;

/// <summary>What matters of a block device when it is zeroed or trimmed.</summary>
/// <param name="SectorSize">Ranges are multiples of it, in bytes: 512 or 4096.</param>
/// <param name="CanZeroFast">The device zeroes by a command of its own; else the kernel would write the zeroes.</param>
internal readonly record struct BlockDevice(int SectorSize, bool CanZeroFast)
{
    public static unsafe BlockDevice Of(int descriptor, uint major, uint minor)
    {
        int sectorSize;
        if (Libc.DeviceControl(descriptor, Libc.BlockSectorSize, &sectorSize) != 0 || sectorSize < 512)
        {
            sectorSize = 4096;
        }

        // A partition has no queue of its own: that of the disk is one level up.
        var device = string.Create(CultureInfo.InvariantCulture, $"/sys/dev/block/{major}:{minor}");
        return new BlockDevice(sectorSize, IsLimitSet($"{device}/queue") || IsLimitSet($"{device}/../queue"));
    }

    private static bool IsLimitSet(string queue)
    {
        try
        {
            return File.ReadAllText($"{queue}/write_zeroes_max_bytes").Trim() != "0";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
