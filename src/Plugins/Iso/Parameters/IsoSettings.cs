using System.Text;

namespace SharpNbd.Plugins;

/// <summary>How an image is made: what <c>params=</c> says.</summary>
internal sealed class IsoSettings
{
    public List<IsoPathSpec> Sources { get; } = [];

    public bool HasGraftPoints { get; set; }

    public RockRidge RockRidge { get; set; }

    public bool HasJoliet { get; set; }

    /// <summary>The longest Joliet name in UTF-16 units: 64 by its specification, 103 as Windows reads it.</summary>
    public int JolietNameLength { get; set; } = 64;

    /// <summary>The interchange level of ISO 9660, or 4 for ISO 9660:1999.</summary>
    public int Level { get; set; } = 3;

    public bool HasLongIsoNames { get; set; }

    public bool HasLongestIsoNames { get; set; }

    public bool OmitsVersion { get; set; }

    public bool OmitsPeriod { get; set; }

    public bool AllowsLowercase { get; set; }

    public bool AllowsLeadingDots { get; set; }

    public bool AllowsManyDots { get; set; }

    public bool AllowsAscii { get; set; }

    /// <summary>Names are the system's bytes (<c>-U</c>).</summary>
    public bool IsUntranslated { get; set; }

    public bool FollowsLinks { get; set; }

    public bool OmitsBackups { get; set; }

    /// <summary>Leave deep directories where they are (<c>-D</c>).</summary>
    public bool KeepsDeepDirectories { get; set; }

    public bool HidesRelocation { get; set; }

    /// <summary>The name of the table of long names in each directory, or null for none (<c>-T</c>).</summary>
    public string? TranslationTable { get; set; }

    public bool HidesTablesFromJoliet { get; set; }

    public Encoding NameEncoding { get; set; } = Encoding.UTF8;

    public string VolumeId { get; set; } = "ISOIMAGE";

    public string VolumeSetId { get; set; } = "";

    public string SystemId { get; set; } = "LINUX";

    public string Publisher { get; set; } = "";

    public string Preparer { get; set; } = "";

    public string Application { get; set; } = "SHARPNBD";

    public string CopyrightFile { get; set; } = "";

    public string AbstractFile { get; set; } = "";

    public string BibliographicFile { get; set; } = "";

    /// <summary>The date of the volume; files are given no later one. Null: the newest date of a file.</summary>
    public DateTime? LatestTime { get; set; }

    public bool IsPadded { get; set; } = true;

    public uint? UserId { get; set; }

    public uint? GroupId { get; set; }

    public int? FileMode { get; set; }

    public int? DirectoryMode { get; set; }

    public List<Glob> Excluded { get; } = [];

    public List<Glob> HiddenFromIso { get; } = [];

    public List<Glob> HiddenFromJoliet { get; } = [];

    /// <summary>Files that get the attribute "hidden".</summary>
    public List<Glob> HiddenByAttribute { get; } = [];

    public List<BootImage> BootImages { get; } = [];

    public string BootCatalog { get; set; } = "boot.cat";

    /// <summary>The file with the code of a master boot record, so that the image starts from a disk as well.</summary>
    public string? HybridBootRecord { get; set; }

    /// <summary>
    /// The longest name in the primary tree, dot included and version excluded. At level 4 a record must still have room for the
    /// 28 bytes that lead to the entries of Rock Ridge.
    /// </summary>
    public int IsoNameLength => Level >= 4 ? (RockRidge == RockRidge.None ? 207 : 193) : HasLongestIsoNames ? 37 : Level >= 2 || HasLongIsoNames ? 31 : 12;
}
