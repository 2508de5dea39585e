using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Writes the sectors in front of the tables (FAT specification, "Boot Sector and BPB", "FAT32 FSInfo Sector Structure and Backup Boot Sector").</summary>
internal static class BootSector
{
    private const int InfoSector = 1;
    private const int BackupSector = 6;
    private const uint RootCluster = FatTable.FirstCluster;

    /// <summary>All reserved sectors.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="label">Its label, 11 characters.</param>
    /// <param name="serial">Its serial number.</param>
    /// <param name="hiddenSectors">The sectors in front of it on the disk.</param>
    public static byte[] Write(FatGeometry geometry, string label, uint serial, uint hiddenSectors)
    {
        var reserved = new byte[geometry.ReservedSectors * FatGeometry.SectorSize];
        WriteBoot(SectorOf(reserved, 0), geometry, label, serial, hiddenSectors);
        if (geometry.Kind.IsFat32)
        {
            WriteInfo(SectorOf(reserved, InfoSector), geometry);
            SectorOf(reserved, 0).CopyTo(SectorOf(reserved, BackupSector));
            SectorOf(reserved, InfoSector).CopyTo(SectorOf(reserved, BackupSector + InfoSector));
        }

        return reserved;
    }

    private static Span<byte> SectorOf(byte[] sectors, int number) => sectors.AsSpan(number * FatGeometry.SectorSize, FatGeometry.SectorSize);

    private static void WriteBoot(Span<byte> sector, FatGeometry geometry, string label, uint serial, uint hiddenSectors)
    {
        var isFat32 = geometry.Kind.IsFat32;
        var extended = isFat32 ? 64 : 36;
        var code = extended + 26;
        var isSmall = !isFat32 && geometry.TotalSectors <= ushort.MaxValue;
        var format = geometry.Format;

        // BS_jmpBoot, to code behind the fields that asks the BIOS to try the next disk, and waits for ever if there is none.
        ((ReadOnlySpan<byte>)[0xeb, (byte)(code - 2), 0x90]).CopyTo(sector);
        ((ReadOnlySpan<byte>)[0xcd, 0x18, 0xf4, 0xeb, 0xfd]).CopyTo(sector[code..]);
        "MSWIN4.1"u8.CopyTo(sector[3..]); // BS_OEMName, the one that the specification recommends
        BinaryPrimitives.WriteUInt16LittleEndian(sector[11..], FatGeometry.SectorSize); // BPB_BytsPerSec
        sector[13] = (byte)geometry.SectorsPerCluster; // BPB_SecPerClus
        BinaryPrimitives.WriteUInt16LittleEndian(sector[14..], (ushort)geometry.ReservedSectors); // BPB_RsvdSecCnt
        sector[16] = 2; // BPB_NumFATs
        BinaryPrimitives.WriteUInt16LittleEndian(sector[17..], (ushort)geometry.RootEntries); // BPB_RootEntCnt
        BinaryPrimitives.WriteUInt16LittleEndian(sector[19..], isSmall ? (ushort)geometry.TotalSectors : (ushort)0); // BPB_TotSec16
        sector[21] = format.Media; // BPB_Media
        BinaryPrimitives.WriteUInt16LittleEndian(sector[22..], isFat32 ? (ushort)0 : (ushort)geometry.TableSectors); // BPB_FATSz16
        BinaryPrimitives.WriteUInt16LittleEndian(sector[24..], format.SectorsPerTrack); // BPB_SecPerTrk
        BinaryPrimitives.WriteUInt16LittleEndian(sector[26..], format.Heads); // BPB_NumHeads
        BinaryPrimitives.WriteUInt32LittleEndian(sector[28..], hiddenSectors); // BPB_HiddSec
        BinaryPrimitives.WriteUInt32LittleEndian(sector[32..], isSmall ? 0 : (uint)geometry.TotalSectors); // BPB_TotSec32
        if (isFat32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sector[36..], (uint)geometry.TableSectors); // BPB_FATSz32
            BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], RootCluster); // BPB_RootClus
            BinaryPrimitives.WriteUInt16LittleEndian(sector[48..], InfoSector); // BPB_FSInfo
            BinaryPrimitives.WriteUInt16LittleEndian(sector[50..], BackupSector); // BPB_BkBootSec
        }

        sector[extended] = format == FloppyFormat.Disk ? (byte)0x80 : (byte)0; // BS_DrvNum
        sector[extended + 2] = 0x29; // BS_BootSig: the three fields that follow are there
        BinaryPrimitives.WriteUInt32LittleEndian(sector[(extended + 3)..], serial); // BS_VolID
        Encoding.ASCII.GetBytes(label, sector[(extended + 7)..]); // BS_VolLab
        Encoding.ASCII.GetBytes($"FAT{geometry.Kind.Bits}   ", sector[(extended + 18)..]); // BS_FilSysType
        BinaryPrimitives.WriteUInt16LittleEndian(sector[510..], 0xaa55);
    }

    private static void WriteInfo(Span<byte> sector, FatGeometry geometry)
    {
        var free = geometry.Clusters - geometry.UsedClusters;
        BinaryPrimitives.WriteUInt32LittleEndian(sector, 0x4161_5252); // FSI_LeadSig
        BinaryPrimitives.WriteUInt32LittleEndian(sector[484..], 0x6141_7272); // FSI_StrucSig
        BinaryPrimitives.WriteUInt32LittleEndian(sector[488..], (uint)free); // FSI_Free_Count
        BinaryPrimitives.WriteUInt32LittleEndian(
            sector[492..], free == 0 ? uint.MaxValue : FatTable.FirstCluster + (uint)geometry.UsedClusters); // FSI_Nxt_Free, or that it is not known
        BinaryPrimitives.WriteUInt32LittleEndian(sector[508..], 0xaa55_0000); // FSI_TrailSig
    }
}
