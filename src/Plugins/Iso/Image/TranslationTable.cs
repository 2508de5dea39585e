using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// The file TRANS.TBL of a directory (<c>-T</c>): for systems that know neither Rock Ridge nor Joliet, the real name of each file in
/// UTF-8 behind its short one. The columns are those of mkisofs.
/// </summary>
internal static class TranslationTable
{
    private const int NameColumn = 208;

    /// <summary>Adds a table to each directory.</summary>
    public static void AddTo(IsoNode root, IsoSettings settings)
    {
        foreach (var directory in root.Directories())
        {
            if (directory.Children!.Count == 0)
            {
                continue;
            }

            var content = Write(directory, settings);
            directory.Add(new IsoNode
            {
                Name = Encoding.UTF8.GetBytes(settings.TranslationTable!),
                Mode = 0x8124,
                Time = directory.Time,
                Content = content,
                Size = content.Length,
                IsHiddenFromJoliet = settings.HidesTablesFromJoliet,
            });
        }
    }

    private static byte[] Write(IsoNode directory, IsoSettings settings)
    {
        using var table = new MemoryStream();
        var names = new IsoNames(settings);
        foreach (var child in directory.Children!)
        {
            // Every child takes its name, so that the names are those that the records get.
            var name = Encoding.Latin1.GetString(child.IsHiddenFromIso ? [] : names.NameFor(child));
            if (name.Length > 0)
            {
                var kind = child.IsDirectory ? 'D' : child.LinkTarget is not null ? 'L' : child.IsRegular ? 'F' : 'M';
                table.Write(Encoding.Latin1.GetBytes($"{kind} {name.PadRight(NameColumn)}\t"));
                table.Write(child.Name);
                table.Write(child.LinkTarget is { } target ? [(byte)'\t', .. target, (byte)'\n'] : "\n"u8);
            }
        }

        return table.ToArray();
    }
}
