namespace SharpNbd.Plugins;

/// <summary>What a boot image pretends to be; the values are those of El Torito, section 2.2, "boot media type".</summary>
internal enum BootMedium
{
    NoEmulation = 0,
    Floppy1200K = 1,
    Floppy1440K = 2,
    Floppy2880K = 3,
    HardDisk = 4,

    /// <summary>The floppy disk whose size the image has.</summary>
    AnyFloppy = 255,
}
