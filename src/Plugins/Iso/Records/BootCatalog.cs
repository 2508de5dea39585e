using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>The boot catalog of El Torito (section 2): which images there are for which firmware. One block, entries of 32 bytes.</summary>
internal static class BootCatalog
{
    /// <summary>How many images have room in the block: the first takes two entries with the validation entry, each further one two.</summary>
    public const int MostImages = 32;

    private const int Entry = 32;
    private const int VirtualSector = 512;
    private const byte Bootable = 0x88;
    private const byte MoreHeaders = 0x90;
    private const byte LastHeader = 0x91;

    /// <summary>Writes the catalog.</summary>
    /// <param name="catalog">A block, filled with zeroes.</param>
    /// <param name="images">The images as they were asked for, and what they became.</param>
    public static void Write(Span<byte> catalog, IReadOnlyList<(BootImage Image, IsoNode Node)> images)
    {
        WriteValidation(catalog[..Entry], images[0].Image.Platform);
        WriteImage(catalog[Entry..(2 * Entry)], images[0].Image, images[0].Node);
        var rest = catalog[(2 * Entry)..];
        for (var index = 1; index < images.Count; index++)
        {
            // A section for each image, as other programs do (section 2.3): indicator, platform, number of entries.
            rest[0] = index == images.Count - 1 ? LastHeader : MoreHeaders;
            rest[1] = images[index].Image.Platform;
            BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], 1);
            WriteImage(rest[Entry..(2 * Entry)], images[index].Image, images[index].Node);
            rest = rest[(2 * Entry)..];
        }
    }

    /// <summary>The medium that an image emulates: the floppy disk that has its size, where any floppy disk was asked for.</summary>
    /// <returns>Null when no floppy disk has that size.</returns>
    public static BootMedium? MediumOf(BootImage image, long size) => image.Medium != BootMedium.AnyFloppy ? image.Medium : size switch
    {
        1200 * 1024 => BootMedium.Floppy1200K,
        1440 * 1024 => BootMedium.Floppy1440K,
        2880 * 1024 => BootMedium.Floppy2880K,
        _ => null,
    };

    /// <summary>The validation entry (section 2.1): all its words of 16 bits add up to zero.</summary>
    private static void WriteValidation(Span<byte> entry, byte platform)
    {
        entry[0] = 1;
        entry[1] = platform;
        entry[30] = 0x55;
        entry[31] = 0xaa;
        ushort sum = 0;
        for (var at = 0; at < Entry; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(entry[at..]);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(entry[28..], (ushort)-sum);
    }

    /// <summary>The initial or a section entry (sections 2.2 and 2.4).</summary>
    private static void WriteImage(Span<byte> entry, BootImage image, IsoNode node)
    {
        var medium = MediumOf(image, node.Size)!.Value;

        // Emulated disks are read by the firmware as it needs; one sector starts them.
        var sectors = image.LoadSize ?? (medium == BootMedium.NoEmulation ? Math.Min(ushort.MaxValue, (node.Size + VirtualSector - 1) / VirtualSector) : 1);
        entry[0] = image.IsBootable ? Bootable : (byte)0;
        entry[1] = (byte)medium;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], image.LoadSegment);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], (ushort)sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (node.Original ?? node).Location);
    }
}
