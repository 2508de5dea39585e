using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// A program for UEFI firmware on x86-64, so small that it is made here: it writes a line to the first serial port and switches qemu off.
/// </summary>
internal static class EfiProgram
{
    private const int Alignment = 512;
    private const int CodeStart = 0x1000;

    /// <summary>The program's bytes (Microsoft's PE format specification, sections "COFF File Header" and "Optional Header").</summary>
    public static byte[] Saying(string text)
    {
        byte[] code =
        [
            0x48, 0x8d, 0x35, 0x1c, 0x00, 0x00, 0x00, // lea rsi, [text]
            0xac,                                     // next: lodsb
            0x84, 0xc0,                               // test al, al
            0x74, 0x12,                               // jz end
            0x88, 0xc4,                               // mov ah, al
            0x66, 0xba, 0xfd, 0x03,                   // mov dx, 0x3fd: the state of the port
            0xec,                                     // wait: in al, dx
            0xa8, 0x20,                               // test al, 0x20: room for a byte
            0x74, 0xfb,                               // jz wait
            0xb2, 0xf8,                               // mov dl, 0xf8: the port itself
            0x88, 0xe0,                               // mov al, ah
            0xee,                                     // out dx, al
            0xeb, 0xe9,                               // jmp next
            0x31, 0xc0,                               // end: xor eax, eax
            0xe6, 0xf4,                               // out 0xf4, al: qemu's isa-debug-exit
            0xf4,                                     // hlt
            .. Encoding.ASCII.GetBytes(text), 0,
        ];

        var image = new byte[Alignment + ((code.Length + Alignment - 1) / Alignment * Alignment)];
        var header = image.AsSpan();
        "MZ"u8.CopyTo(header);
        const int pe = 0x40;
        Word32(header, 0x3c, pe);
        "PE\0\0"u8.CopyTo(header[pe..]);
        Word16(header, pe + 4, 0x8664); // Machine: x86-64
        Word16(header, pe + 6, 1); // NumberOfSections
        const int optionalSize = 112 + (16 * 8);
        Word16(header, pe + 20, optionalSize);
        Word16(header, pe + 22, 0x0022); // Characteristics: executable, large addresses

        const int optional = pe + 24;
        var codeSize = image.Length - Alignment;
        Word16(header, optional, 0x20b); // Magic: PE32+
        Word32(header, optional + 4, codeSize);
        Word32(header, optional + 16, CodeStart); // AddressOfEntryPoint
        Word32(header, optional + 20, CodeStart); // BaseOfCode
        Word32(header, optional + 32, 0x1000); // SectionAlignment
        Word32(header, optional + 36, Alignment); // FileAlignment
        Word32(header, optional + 56, CodeStart + 0x1000); // SizeOfImage
        Word32(header, optional + 60, Alignment); // SizeOfHeaders
        Word16(header, optional + 68, 10); // Subsystem: EFI application
        Word32(header, optional + 108, 16); // NumberOfRvaAndSizes

        const int section = optional + optionalSize;
        ".text"u8.CopyTo(header[section..]);
        Word32(header, section + 8, codeSize); // VirtualSize
        Word32(header, section + 12, CodeStart); // VirtualAddress
        Word32(header, section + 16, codeSize); // SizeOfRawData
        Word32(header, section + 20, Alignment); // PointerToRawData
        Word32(header, section + 36, 0x6000_0020); // Characteristics: code, readable, executable
        code.CopyTo(image, Alignment);
        return image;
    }

    private static void Word16(Span<byte> target, int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(target[offset..], (ushort)value);

    private static void Word32(Span<byte> target, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(target[offset..], value);
}
