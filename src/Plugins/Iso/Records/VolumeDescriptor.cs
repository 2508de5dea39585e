using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>The volume descriptors (ECMA-119, 8), a block each.</summary>
internal static class VolumeDescriptor
{
    private const byte BootRecordType = 0;
    private const byte PrimaryType = 1;
    private const byte SupplementaryType = 2;
    private const byte TerminatorType = 255;

    /// <summary>The primary volume descriptor (8.4).</summary>
    public static byte[] Primary(VolumeFacts facts, IsoSettings settings)
        => Describe(PrimaryType, version: 1, facts, settings, isJoliet: false);

    /// <summary>The enhanced volume descriptor of ISO 9660:1999 (8.5 of that edition): the primary tree, with a file structure version of 2.</summary>
    public static byte[] Enhanced(VolumeFacts facts, IsoSettings settings)
        => Describe(SupplementaryType, version: 2, facts, settings, isJoliet: false);

    /// <summary>The supplementary volume descriptor of Joliet (8.5; Joliet, "Escape sequences").</summary>
    public static byte[] Joliet(VolumeFacts facts, IsoSettings settings)
    {
        var block = Describe(SupplementaryType, version: 1, facts, settings, isJoliet: true);

        // UCS-2, level 3.
        "%/E"u8.CopyTo(block.AsSpan(88));
        return block;
    }

    /// <summary>The boot record (8.2), which leads to the boot catalog (El Torito, section 2.0).</summary>
    public static byte[] BootRecord(uint catalog)
    {
        var block = Begin(BootRecordType, version: 1);
        "EL TORITO SPECIFICATION"u8.CopyTo(block.AsSpan(7));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(71), catalog);
        return block;
    }

    /// <summary>The end of the descriptors (8.3).</summary>
    public static byte[] Terminator() => Begin(TerminatorType, version: 1);

    private static byte[] Begin(byte type, byte version)
    {
        var block = new byte[IsoField.Block];
        block[0] = type;
        "CD001"u8.CopyTo(block.AsSpan(1));
        block[6] = version;
        return block;
    }

    private static byte[] Describe(byte type, byte version, VolumeFacts facts, IsoSettings settings, bool isJoliet)
    {
        var block = Begin(type, version);
        Text(8, 32, settings.SystemId);
        Text(40, 32, settings.VolumeId);
        IsoField.Both32(Field(80, 8), facts.Blocks);
        IsoField.Both16(Field(120, 4), 1);
        IsoField.Both16(Field(124, 4), 1);
        IsoField.Both16(Field(128, 4), IsoField.Block);
        IsoField.Both32(Field(132, 8), (uint)facts.PathTableLength);
        BinaryPrimitives.WriteUInt32LittleEndian(Field(140, 4), facts.LittleEndianPathTable);
        BinaryPrimitives.WriteUInt32BigEndian(Field(148, 4), facts.BigEndianPathTable);
        WriteRoot(Field(156, 34), facts.Root);
        Text(190, 128, settings.VolumeSetId);
        Text(318, 128, settings.Publisher);
        Text(446, 128, settings.Preparer);
        Text(574, 128, settings.Application);
        Text(702, 37, settings.CopyrightFile);
        Text(739, 37, settings.AbstractFile);
        Text(776, 37, settings.BibliographicFile);
        IsoField.LongDate(Field(813, 17), facts.Time);
        IsoField.LongDate(Field(830, 17), facts.Time);
        IsoField.NoDate(Field(847, 17));
        IsoField.NoDate(Field(864, 17));
        block[881] = version;
        return block;

        Span<byte> Field(int offset, int length) => block.AsSpan(offset, length);

        void Text(int offset, int length, string text)
        {
            if (isJoliet)
            {
                // The names of three files have an odd length, the last byte of which stays zero.
                IsoField.JolietText(Field(offset, length), text);
            }
            else
            {
                IsoField.Text(Field(offset, length), text);
            }
        }
    }

    /// <summary>The directory record of the root (8.4.18).</summary>
    private static void WriteRoot(Span<byte> record, IsoDirectory root)
    {
        record[0] = (byte)record.Length;
        IsoField.Both32(record[2..], root.Location);
        IsoField.Both32(record[10..], root.Length);
        IsoField.ShortDate(record[18..], root.Node.Time);
        record[25] = (byte)RecordFlags.Directory;
        IsoField.Both16(record[28..], 1);
        record[32] = 1;
    }
}
