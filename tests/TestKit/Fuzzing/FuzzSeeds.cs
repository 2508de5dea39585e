namespace SharpNbd.TestKit;

/// <summary>What fuzzers begin with: conversations that a decent client could have, and some that it had better not.</summary>
public static class FuzzSeeds
{
    private const byte Late = 2, Lending = 4, ReadOnly = 8, Poor = 16, Blocks = 32, Huge = 64, Failing = 128;
    private const byte TlsOn = 2, Oldstyle = 4, TlsRequired = 6, NoStructured = 8, NoContexts = 16, NoFlags = 32, HandshakeBlocks = 64;

    private static byte[] Flags => Wire.U32(Wire.BothClientFlags);

    /// <summary>The inputs to a target, each with a name for its file.</summary>
    public static IEnumerable<(string Name, byte[] Input)> Of(FuzzTarget target)
        => target.Name == "handshake" ? Handshakes() : Transmissions(target.Name == "extended");

    private static IEnumerable<(string Name, byte[] Input)> Handshakes()
    {
        byte[] go = Wire.Option(Wire.Go, Wire.InfoData("", 0, 1, 2, 3));
        byte[] allocation = Wire.MetaContextData("", "base:allocation");
        byte[] startTls = Wire.Option(Wire.StartTls, []);
        byte[] read = Wire.Request(Wire.Read, 1, 0, 512);
        byte[] leave = Wire.Request(Wire.Disconnect, 2, 0, 0);
        yield return ("nothing", [0, 0]);
        yield return ("go", [0, 0, .. Flags, .. go, .. read, .. leave]);
        yield return ("go-over-a-stream", [1, 7, .. Flags, .. go, .. read, .. leave]);
        yield return ("export-name", [0, 0, .. Flags, .. Wire.Option(Wire.ExportName, "a"u8.ToArray()), .. read, .. leave]);
        yield return ("export-name-with-padding", [0, 3, .. Wire.U32(1), .. Wire.Option(Wire.ExportName, []), .. read]);
        yield return ("list-and-abort", [0, 0, .. Flags, .. Wire.Option(Wire.List, []), .. Wire.Option(Wire.Abort, [])]);
        yield return ("info-about-each", [0, 0, .. Flags, .. Wire.Option(Wire.Info, Wire.InfoData("a", 1)), .. Wire.Option(Wire.Info, Wire.InfoData("ü", 2)),
            .. Wire.Option(Wire.Info, Wire.InfoData("nothing"))]);
        yield return ("structured-with-allocation", [0, 0, .. Flags, .. Wire.Option(Wire.StructuredReply, []), .. Wire.Option(Wire.SetMetaContext, allocation),
            .. go, .. Wire.Request(Wire.BlockStatus, 1, 0, 65536), .. read, .. leave]);
        yield return ("contexts", [0, 0, .. Flags, .. Wire.Option(Wire.ListMetaContext, Wire.MetaContextData("")), .. Wire.Option(Wire.ListMetaContext,
            Wire.MetaContextData("a", "base:", "qemu:dirty-bitmap:x")), .. Wire.Option(Wire.StructuredReply, []),
            .. Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("a", "base:allocation")), .. go]);
        yield return ("extended-headers", [0, 0, .. Flags, .. Wire.Option(Wire.ExtendedHeaders, []), .. Wire.Option(Wire.StructuredReply, []),
            .. Wire.Option(Wire.SetMetaContext, allocation), .. go, .. ExtendedWire.Request(Wire.Read, 1, 0, 512)]);
        yield return ("unknown-and-withdrawn-options", [0, 0, .. Flags, .. Wire.Option(Wire.PeekExport, []), .. Wire.Option(77, new byte[9]), .. go]);
        yield return ("option-that-is-too-long", [0, 0, .. Flags, .. "IHAVEOPT"u8, .. Wire.U32(Wire.Info), .. Wire.U32(0xffffffff)]);
        yield return ("option-beyond-its-data", [0, 0, .. Flags, .. "IHAVEOPT"u8, .. Wire.U32(Wire.Info), .. Wire.U32(6), .. Wire.U32(0xfffffff0), 0, 0]);
        yield return ("tls-offered", [TlsOn, 4, .. Flags, .. startTls, .. Wire.Option(Wire.StructuredReply, []), .. go, .. read]);
        yield return ("tls-required", [TlsRequired, 4, .. Flags, .. Wire.Option(Wire.List, []), .. startTls, .. go, .. read, .. leave]);
        yield return ("tls-required-and-not-asked", [TlsRequired, 0, .. Flags, .. go, .. Wire.Option(Wire.Abort, [])]);
        yield return ("tls-required-and-export-name", [TlsRequired, 0, .. Flags, .. Wire.Option(Wire.ExportName, [])]);
        yield return ("tls-with-bytes-in-the-clear-behind", [TlsOn, 0, .. Flags, .. startTls, .. go]);
        yield return ("tls-twice", [TlsOn, 1, .. Flags, .. startTls, .. startTls, .. go]);
        yield return ("tls-refused", [0, 0, .. Flags, .. startTls, .. go]);
        yield return ("oldstyle", [Oldstyle, 0, .. read, .. Wire.WriteRequest(2, 512, new byte[512]), .. leave]);
        yield return ("oldstyle-over-a-stream", [Oldstyle | 1, 5, .. read, .. leave]);
        yield return ("no-structured-replies", [NoStructured | NoContexts, 0, .. Flags, .. Wire.Option(Wire.StructuredReply, []),
            .. Wire.Option(Wire.SetMetaContext, allocation), .. go, .. read]);
        yield return ("no-flags", [NoFlags, 0, .. Wire.U32(0), .. Wire.Option(Wire.List, []), .. Wire.Option(Wire.ExportName, []), .. read]);
        yield return ("wrong-client-flags", [0, 0, .. Wire.U32(0xff)]);
        yield return ("blocks-that-must-be-asked-for", [HandshakeBlocks, 0, .. Flags, .. Wire.Option(Wire.Go, Wire.InfoData("")), .. go, .. read]);
        yield return ("http", [0, 0, .. "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8]);
    }

    private static IEnumerable<(string Name, byte[] Input)> Transmissions(bool isExtended)
    {
        byte[] Ask(ushort command, ulong offset, ulong length, int flags = 0)
            => isExtended ? ExtendedWire.Request(command, 1, offset, length, (ushort)flags) : Wire.Request(command, 1, offset, (uint)length, (ushort)flags);
        byte[] Write(ulong offset, int length, byte value = 0x5a, int flags = 0)
            => isExtended ? ExtendedWire.RequestWithPayload(Wire.Write, 2, offset, Wire.Filled(length, value), (ushort)flags)
                : Wire.WriteRequest(2, offset, Wire.Filled(length, value), (ushort)flags);
        byte[] leave = Ask(Wire.Disconnect, 0, 0);
        byte[] everything =
        [
            .. Ask(Wire.Read, 0, 512), .. Write(512, 100), .. Ask(Wire.Read, 500, 200), .. Ask(Wire.Trim, 0x1000, 0x1000), .. Ask(Wire.Cache, 0, 4096),
            .. Ask(Wire.WriteZeroes, 0x3000, 0x800, Wire.NoHole), .. Ask(Wire.WriteZeroes, 0x4000, 0x400, Wire.FastZero | Wire.Fua), .. Ask(Wire.Flush, 0, 0),
            .. Ask(Wire.BlockStatus, 0, 0x20000), .. Ask(Wire.BlockStatus, 0x9000, 100, Wire.ReqOne), .. Ask(Wire.Read, 0, 0x10000, Wire.DontFragment),
        ];

        yield return ("everything", [0, 0, .. everything, .. leave]);
        yield return ("everything-over-a-stream", [1, 13, .. everything, .. leave]);
        yield return ("everything-late", [Late, 0, .. everything, .. everything, .. leave]);
        yield return ("everything-lent", [Lending, 0, .. everything, .. leave]);
        yield return ("everything-late-and-lent-in-pieces", [Late | Lending | 1, 100, .. everything]);
        yield return ("everything-on-a-read-only-disk", [ReadOnly, 0, .. everything]);
        yield return ("everything-on-a-poor-disk", [Poor, 0, .. everything]);
        yield return ("everything-on-blocks", [Blocks, 0, .. everything, .. Ask(Wire.Read, 0x200, 0x400), .. Write(0x400, 0x200)]);
        yield return ("everything-on-a-huge-disk", [Huge, 0, .. everything, .. Ask(Wire.Trim, 0, 1UL << 31), .. Ask(Wire.BlockStatus, 0x10000, 1UL << 31),
            .. Ask(Wire.Read, 1UL << 61, 512), .. Write(1UL << 60, 64)]);
        yield return ("reads-that-fail", [Failing, 0, .. Ask(Wire.Read, 0x5f00, 0x200), .. Ask(Wire.Read, 0x6000, 0x100), .. Ask(Wire.Read, 0x5000, 0x2000, Wire.DontFragment),
            .. Write(0x6100, 16), .. Ask(Wire.Read, 0x6200, 16)]);
        yield return ("holes", [Lending, 0, .. Ask(Wire.Read, 0x7000, 0x2000), .. Ask(Wire.Read, 0x8000, 0x10000), .. Ask(Wire.Read, 0x8000, 0x18000, Wire.DontFragment),
            .. Ask(Wire.Read, 0, 0x20000)]);
        yield return ("long-write", [0, 0, .. Write(0x1000, 20_000), .. Ask(Wire.Read, 0x1000, 20_000), .. leave]);
        yield return ("long-writes-late", [Late, 200, .. Write(0x1000, 17_000), .. Write(0x1000, 9), .. Write(0x1800, 16_384, flags: Wire.Fua), .. Ask(Wire.Flush, 0, 0)]);
        yield return ("write-that-is-cut", [0, 0, .. Write(0, 64), .. Write(100, 200)[..^1]]);
        yield return ("long-write-that-is-cut", [0, 0, .. Write(0, 16_500)[..^1]]);
        yield return ("write-beyond-the-end", [0, 0, .. Write(FuzzWorld.ContentSize - 5, 10), .. Ask(Wire.Read, FuzzWorld.ContentSize - 5, 5)]);
        yield return ("length-of-zero", [0, 0, .. Ask(Wire.Read, 0, 0), .. Ask(Wire.WriteZeroes, 0, 0), .. Write(0, 0)]);
        yield return ("length-of-everything", [0, 0, .. Ask(Wire.Read, ulong.MaxValue, uint.MaxValue), .. Ask(Wire.Read, 0, 0x4000001), .. Ask(Wire.Trim, 0, uint.MaxValue)]);
        yield return ("unknown-command", [0, 0, .. Ask(99, 0, 512), .. Ask(8, 0, 0), .. Ask(Wire.Read, 0, 8, 0xffc0)]);
        yield return ("wrong-magic", [0, 0, .. Ask(Wire.Read, 0, 8), .. new byte[32]]);
        yield return ("many-writes-late", [Late, 0, .. Enumerable.Range(0, 20).SelectMany(i => Write((ulong)i * 40, 50, (byte)i)), .. Ask(Wire.Flush, 0, 0)]);
        if (isExtended)
        {
            yield return ("block-status-by-payload", [0, 0, .. ExtendedWire.RequestWithPayload(Wire.BlockStatus, 1, 0, ExtendedWire.Contexts(0x10000, 1)),
                .. ExtendedWire.RequestWithPayload(Wire.BlockStatus, 2, 0, ExtendedWire.Contexts(0x10000, 2)),
                .. ExtendedWire.RequestWithPayload(Wire.BlockStatus, 3, 0, ExtendedWire.Contexts(0x10000, 1, 1)),
                .. ExtendedWire.RequestWithPayload(Wire.BlockStatus, 4, 0, new byte[3])]);
            yield return ("write-without-payload-flag", [0, 0, .. Ask(Wire.Write, 0, 16), .. new byte[16]]);
            yield return ("read-with-a-payload", [0, 0, .. ExtendedWire.RequestWithPayload(Wire.Read, 1, 0, new byte[40]), .. Ask(Wire.Read, 0, 40)]);
            yield return ("lengths-of-64-bits", [Huge, 0, .. Ask(Wire.Trim, 0, 1UL << 62), .. Ask(Wire.WriteZeroes, 5, 1UL << 40), .. Ask(Wire.Cache, 0, 1UL << 61),
                .. Ask(Wire.BlockStatus, 0, 1UL << 62), .. Ask(Wire.Trim, 1, ulong.MaxValue)]);
        }
    }
}
