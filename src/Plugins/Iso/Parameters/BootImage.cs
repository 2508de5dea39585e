namespace SharpNbd.Plugins;

/// <summary>A boot image of El Torito as it was asked for.</summary>
internal sealed class BootImage
{
    public const byte Bios = 0;
    public const byte Efi = 0xef;

    /// <summary>Where it is in the image.</summary>
    public string Path { get; set; } = "";

    /// <summary>Which firmware starts it (El Torito, section 2.1, "platform ID").</summary>
    public byte Platform { get; set; }

    public BootMedium Medium { get; set; } = BootMedium.AnyFloppy;

    public bool IsBootable { get; set; } = true;

    public ushort LoadSegment { get; set; }

    /// <summary>How many sectors of 512 bytes the firmware loads; null for the whole image.</summary>
    public ushort? LoadSize { get; set; }

    /// <summary>Tell the image where it lies (<c>-boot-info-table</c>).</summary>
    public bool HasInfoTable { get; set; }
}
