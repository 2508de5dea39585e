namespace SharpNbd.Plugins;

/// <summary>
/// Collects the entries of a System Use Area: those of SUSP 1.12, section 5, and of the Rock Ridge Interchange Protocol 1.12,
/// section 4.1. Each is a signature of two letters, its length, a version of 1, and data.
/// </summary>
internal sealed class SystemUseWriter
{
    /// <summary>The length of a CE entry.</summary>
    public const int ContinuationLength = 28;

    private const int Longest = 255;
    private const byte Continues = 1;

    // A link's target of 4095 bytes may be 2048 components, each of which takes 3 bytes.
    private readonly byte[] _buffer = new byte[16384];
    private int _length;

    /// <summary>The entries so far, one behind the other; the third byte of each is its length.</summary>
    public ReadOnlySpan<byte> Entries => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>SP: System Use Sharing Protocol in use; in the root's first record only (SUSP, 5.3).</summary>
    public void Indicator()
    {
        var data = Add("SP"u8, 3);
        data[0] = 0xbe;
        data[1] = 0xef;
        data[2] = 0;
    }

    /// <summary>ER: Rock Ridge is the extension in use (SUSP, 5.5; RRIP, 4.3).</summary>
    public void Extension()
    {
        var id = "RRIP_1991A"u8;
        var text = "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS"u8;
        var source = "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  "u8
            + "SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION."u8;
        var data = Add("ER"u8, 4 + id.Length + text.Length + source.Length);
        data[0] = (byte)id.Length;
        data[1] = (byte)text.Length;
        data[2] = (byte)source.Length;
        data[3] = 1;
        id.CopyTo(data[4..]);
        text.CopyTo(data[(4 + id.Length)..]);
        source.CopyTo(data[(4 + id.Length + text.Length)..]);
    }

    /// <summary>PX: mode, links and owner (RRIP, 4.1.1).</summary>
    public void Attributes(int mode, uint links, uint userId, uint groupId)
    {
        var data = Add("PX"u8, 32);
        IsoField.Both32(data, (uint)mode);
        IsoField.Both32(data[8..], links);
        IsoField.Both32(data[16..], userId);
        IsoField.Both32(data[24..], groupId);
    }

    /// <summary>PN: the numbers of a device (RRIP, 4.1.2).</summary>
    public void Device(uint major, uint minor)
    {
        var data = Add("PN"u8, 16);
        IsoField.Both32(data, major);
        IsoField.Both32(data[8..], minor);
    }

    /// <summary>
    /// TF: times in the short form (RRIP, 4.1.6). That of the last change of content stands for all three, as the others differ
    /// between copies of one tree.
    /// </summary>
    public void Times(DateTime time)
    {
        const byte ModifiedAccessedChanged = 0x0e;
        var data = Add("TF"u8, 22);
        data[0] = ModifiedAccessedChanged;
        for (var at = 1; at < data.Length; at += 7)
        {
            IsoField.ShortDate(data[at..], time);
        }
    }

    /// <summary>NM: the name, in several entries if it is long (RRIP, 4.1.4).</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        do
        {
            var part = name[..Math.Min(name.Length, Longest - 5)];
            name = name[part.Length..];
            var data = Add("NM"u8, 1 + part.Length);
            data[0] = name.IsEmpty ? (byte)0 : Continues;
            part.CopyTo(data[1..]);
        }
        while (!name.IsEmpty);
    }

    /// <summary>CL: the directory that belongs here lies there (RRIP, 4.1.5.1).</summary>
    public void ChildLink(uint location) => IsoField.Both32(Add("CL"u8, 8), location);

    /// <summary>PL: the directory to which this one belongs (RRIP, 4.1.5.2).</summary>
    public void ParentLink(uint location) => IsoField.Both32(Add("PL"u8, 8), location);

    /// <summary>RE: the directory has been moved here and belongs elsewhere (RRIP, 4.1.5.3).</summary>
    public void Relocated() => Add("RE"u8, 0);

    /// <summary>SL: where a symbolic link leads, component by component, in several entries if that is long (RRIP, 4.1.3).</summary>
    public void SymbolicLink(ReadOnlySpan<byte> target)
    {
        var entry = _length;
        Add("SL"u8, 1)[0] = 0;
        if (target.StartsWith("/"u8))
        {
            AppendComponent(ref entry, ComponentKind.Root, []);
        }

        foreach (var range in target.Split((byte)'/'))
        {
            var part = target[range];
            if (part.SequenceEqual("."u8))
            {
                AppendComponent(ref entry, ComponentKind.Current, []);
            }
            else if (part.SequenceEqual(".."u8))
            {
                AppendComponent(ref entry, ComponentKind.Parent, []);
            }
            else if (!part.IsEmpty)
            {
                AppendName(ref entry, part);
            }
        }
    }

    private void AppendName(ref int entry, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            // The last byte that is free must not go to an empty piece.
            var room = Longest - 2 - _buffer[entry + 2];
            if (room < 1)
            {
                ContinueLink(ref entry);
                continue;
            }

            var part = name[..Math.Min(name.Length, room)];
            name = name[part.Length..];
            AppendComponent(ref entry, name.IsEmpty ? ComponentKind.Name : ComponentKind.NameContinues, part);
            if (name.IsEmpty)
            {
                return;
            }
        }
    }

    private void AppendComponent(ref int entry, ComponentKind kind, ReadOnlySpan<byte> name)
    {
        if (_buffer[entry + 2] + 2 + name.Length > Longest)
        {
            ContinueLink(ref entry);
        }

        _buffer[_length] = (byte)kind;
        _buffer[_length + 1] = (byte)name.Length;
        name.CopyTo(_buffer.AsSpan(_length + 2));
        _length += 2 + name.Length;
        _buffer[entry + 2] += (byte)(2 + name.Length);
    }

    private void ContinueLink(ref int entry)
    {
        _buffer[entry + 4] = Continues;
        entry = _length;
        Add("SL"u8, 1)[0] = 0;
    }

    /// <summary>Adds an entry and returns its data, to be filled.</summary>
    private Span<byte> Add(ReadOnlySpan<byte> signature, int dataLength)
    {
        var entry = _buffer.AsSpan(_length, 4 + dataLength);
        WriteHead(entry, signature);
        _length += entry.Length;
        return entry[4..];
    }

    /// <summary>CE: the entries go on elsewhere (SUSP, 5.1).</summary>
    public static void WriteContinuation(Span<byte> entry, uint block, uint offset, int length)
    {
        WriteHead(entry[..ContinuationLength], "CE"u8);
        IsoField.Both32(entry[4..], block);
        IsoField.Both32(entry[12..], offset);
        IsoField.Both32(entry[20..], (uint)length);
    }

    private static void WriteHead(Span<byte> entry, ReadOnlySpan<byte> signature)
    {
        signature.CopyTo(entry);
        entry[2] = (byte)entry.Length;
        entry[3] = 1;
    }

    /// <summary>The flags of a component (RRIP, 4.1.3.1).</summary>
    private enum ComponentKind : byte
    {
        Name = 0,
        NameContinues = 1,
        Current = 2,
        Parent = 4,
        Root = 8,
    }
}
