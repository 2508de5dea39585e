using System.Globalization;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>An option of <c>params=</c>: its spellings are those of mkisofs, genisoimage and xorriso.</summary>
/// <param name="TakesValue">A value follows it.</param>
/// <param name="Apply">What it changes.</param>
internal sealed record IsoOption(bool TakesValue, Action<IsoSettings, string> Apply)
{
    private static readonly Dictionary<string, IsoOption> Known = [];

    static IsoOption()
    {
        Flag("J joliet", s => s.HasJoliet = true);
        Flag("joliet-long", s => (s.HasJoliet, s.JolietNameLength) = (true, 103));
        Flag("R rock", s => s.RockRidge = RockRidge.AsTheyAre);
        Flag("r rational-rock", s => s.RockRidge = RockRidge.Rational);
        Flag("T translation-table", s => s.TranslationTable ??= "TRANS.TBL");
        Value("table-name", (s, name) => s.TranslationTable = name);
        Flag("hide-joliet-trans-tbl", s => s.HidesTablesFromJoliet = true);
        Flag("hide-rr-moved", s => s.HidesRelocation = true);
        Flag("D disable-deep-relocation", s => s.KeepsDeepDirectories = true);
        Flag("f follow-links", s => s.FollowsLinks = true);
        Flag("graft-points", s => s.HasGraftPoints = true);
        Flag("no-bak nobak", s => s.OmitsBackups = true);
        Flag("no-pad", s => s.IsPadded = false);
        Flag("pad", s => s.IsPadded = true);

        Flag("l full-iso9660-filenames", s => s.HasLongIsoNames = true);
        Flag("max-iso9660-filenames", s => (s.HasLongestIsoNames, s.OmitsVersion) = (true, true));
        Flag("N omit-version-number", s => s.OmitsVersion = true);
        Flag("d omit-period", s => s.OmitsPeriod = true);
        Flag("L ldots allow-leading-dots", s => s.AllowsLeadingDots = true);
        Flag("allow-lowercase", s => s.AllowsLowercase = true);
        Flag("allow-multidot", s => s.AllowsManyDots = true);
        Flag("relaxed-filenames", s => s.AllowsAscii = true);
        Flag("U untranslated-filenames no-iso-translate", s => (s.IsUntranslated, s.HasLongestIsoNames, s.OmitsVersion) = (true, true, true));
        Value("iso-level", (s, text) => s.Level = (int)Number(text, 1, 4));
        Value("input-charset output-charset", (s, text) => s.NameEncoding = EncodingOf(text));

        Value("V volid", (s, text) => s.VolumeId = AtMost(text, 32));
        Value("volset", (s, text) => s.VolumeSetId = AtMost(text, 128));
        Value("sysid", (s, text) => s.SystemId = AtMost(text, 32));
        Value("P publisher", (s, text) => s.Publisher = AtMost(text, 128));
        Value("p preparer", (s, text) => s.Preparer = AtMost(text, 128));
        Value("A appid", (s, text) => s.Application = AtMost(text, 128));
        Value("copyright", (s, text) => s.CopyrightFile = AtMost(text, 37));
        Value("abstract", (s, text) => s.AbstractFile = AtMost(text, 37));
        Value("biblio", (s, text) => s.BibliographicFile = AtMost(text, 37));

        Value("uid", (s, text) => s.UserId = (uint)Number(text, 0, uint.MaxValue));
        Value("gid", (s, text) => s.GroupId = (uint)Number(text, 0, uint.MaxValue));
        Value("file-mode", (s, text) => s.FileMode = Mode(text));
        Value("dir-mode", (s, text) => s.DirectoryMode = Mode(text));

        List("m exclude x old-exclude", "exclude-list", s => s.Excluded);
        List("hide", "hide-list", s => s.HiddenFromIso);
        List("hide-joliet", "hide-joliet-list", s => s.HiddenFromJoliet);
        List("hidden", "hidden-list", s => s.HiddenByAttribute);

        Value("b eltorito-boot", (s, path) => Boot(s, BootImage.Bios, path));
        Value("e efi-boot", (s, path) => Boot(s, BootImage.Efi, path));
        Value("c eltorito-catalog", (s, path) => s.BootCatalog = path);
        Flag("eltorito-alt-boot", s => s.BootImages.Add(new BootImage()));
        Flag("no-emul-boot", s => Current(s).Medium = BootMedium.NoEmulation);
        Flag("hard-disk-boot", s => Current(s).Medium = BootMedium.HardDisk);
        Flag("no-boot", s => Current(s).IsBootable = false);
        Flag("boot-info-table", s => Current(s).HasInfoTable = true);
        Value("boot-load-seg", (s, text) => Current(s).LoadSegment = (ushort)Number(text, 0, ushort.MaxValue));
        Value("boot-load-size", (s, text) => Current(s).LoadSize = text == "full" ? null : (ushort)Number(text, 1, ushort.MaxValue));
        Value("eltorito-platform", (s, text) => Current(s).Platform = PlatformOf(text));
        Value("isohybrid-mbr", (s, path) => s.HybridBootRecord = Path.GetFullPath(path));

        // These tell the programs how to report, to look at what is always so here, or nothing at all to begin with.
        Flag("quiet v verbose gui a all-files no-cache-inodes cache-inodes check-oldnames posix-H posix-P allow-limited-size", _ => { });
        Value("o output", (_, path) => RefuseOutput(path));
    }

    /// <summary>The option of this name, without dashes; null when there is none.</summary>
    public static IsoOption? Find(string name) => Known.GetValueOrDefault(name);

    private static void Flag(string names, Action<IsoSettings> apply) => Add(names, new IsoOption(false, (settings, _) => apply(settings)));

    private static void Value(string names, Action<IsoSettings, string> apply) => Add(names, new IsoOption(true, apply));

    /// <summary>Options with a pattern, and those with a file that holds one in each line.</summary>
    private static void List(string names, string fileName, Func<IsoSettings, List<Glob>> list)
    {
        Value(names, (settings, pattern) => list(settings).Add(new Glob(pattern)));
        Value(fileName, (settings, path) => list(settings).AddRange(File.ReadLines(path).Where(line => line.Length > 0).Select(line => new Glob(line))));
    }

    private static void Add(string names, IsoOption option)
    {
        foreach (var name in names.Split(' '))
        {
            Known.Add(name, option);
        }
    }

    /// <summary>The boot image that options which come now are about.</summary>
    private static BootImage Current(IsoSettings settings)
    {
        if (settings.BootImages.Count == 0)
        {
            settings.BootImages.Add(new BootImage());
        }

        return settings.BootImages[^1];
    }

    private static void Boot(IsoSettings settings, byte platform, string path)
    {
        // A second image without -eltorito-alt-boot in front of it is one all the same.
        if (Current(settings).Path.Length > 0)
        {
            settings.BootImages.Add(new BootImage());
        }

        (Current(settings).Path, Current(settings).Platform) = (path, platform);
    }

    private static byte PlatformOf(string text) => text switch
    {
        "x86" => BootImage.Bios,
        "PPC" => 1,
        "Mac" => 2,
        "efi" => BootImage.Efi,
        _ => (byte)Number(text, 0, 255),
    };

    private static Encoding EncodingOf(string text) => text.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => Encoding.UTF8,
        "iso8859-1" or "iso-8859-1" or "latin1" or "default" => Encoding.Latin1,
        "us-ascii" or "ascii" => Encoding.ASCII,
        _ => throw new FormatException("one of utf-8, iso8859-1, us-ascii is needed; prog= has a program make the image that knows more"),
    };

    private static string AtMost(string text, int length)
        => Encoding.UTF8.GetByteCount(text) <= length ? text : throw new FormatException($"at most {length} bytes fit");

    private static int Mode(string text)
    {
        try
        {
            return Convert.ToInt32(text, 8) is >= 0 and <= 0xfff and var mode ? mode : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new FormatException("permissions are octal digits such as 0644", e);
        }
    }

    private static long Number(string text, long least, long most)
    {
        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isNumber = long.TryParse(
            isHexadecimal ? text[2..] : text, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= least && number <= most ? number : throw new FormatException($"a number from {least} to {most} is needed");
    }

    private static void RefuseOutput(string path)
    {
        if (path is not ("-" or "/dev/stdout"))
        {
            throw new FormatException("the image is served and not written to a file");
        }
    }
}
