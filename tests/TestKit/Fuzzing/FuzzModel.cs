using System.Buffers.Binary;

namespace SharpNbd.TestKit;

/// <summary>
/// Goes through the requests of a client as a server has to: which ones there are, what each one is answered with, and what the disk
/// holds in the end. A request that has not arrived whole is none.
/// </summary>
internal sealed class FuzzModel
{
    private static readonly byte[] Nothing = [];

    private readonly FuzzWorld _world;
    private readonly FuzzRules _rules;
    private readonly bool _hasAllocation;

    /// <param name="world">What the client meets.</param>
    /// <param name="form">What it has agreed on.</param>
    /// <param name="hasAllocation">Whether that includes <c>base:allocation</c>.</param>
    /// <param name="client">What it says behind the handshake.</param>
    public FuzzModel(FuzzWorld world, FuzzForm form, bool hasAllocation, ReadOnlySpan<byte> client)
    {
        (_world, _hasAllocation) = (world, hasAllocation);
        _rules = new FuzzRules(world, form, hasAllocation);
        var cursor = new WireCursor(client);
        while (cursor.Left >= FuzzRequest.HeaderSize(form))
        {
            var isRequest = FuzzRequest.TryParse(cursor.Take(FuzzRequest.HeaderSize(form), "a request"), form, out var request);
            if (!isRequest || _rules.Ends(request) || request.Command == Wire.Disconnect || !Take(ref request, ref cursor))
            {
                break;
            }
        }
    }

    /// <summary>What has to be answered, in order.</summary>
    public List<FuzzExpectation> Expected { get; } = [];

    /// <summary>What the disk holds in the end.</summary>
    public byte[] Content { get; } = FuzzSource.Start();

    private bool Take(ref FuzzRequest request, ref WireCursor cursor)
    {
        if (request.Command == Wire.BlockStatus && request.Payload > 0)
        {
            if (cursor.Left < (long)Math.Min(request.Payload, 12))
            {
                return false;
            }

            if (request.Payload == 12 && _hasAllocation && TryUseContexts(ref request, ref cursor))
            {
                Expect(request, Nothing);
                return true;
            }
        }

        if ((ulong)cursor.Left < request.Payload)
        {
            return false;
        }

        Expect(request, cursor.Take((long)request.Payload, "a payload"));
        return true;
    }

    private static bool TryUseContexts(ref FuzzRequest request, ref WireCursor cursor)
    {
        var ahead = cursor;
        var length = ahead.U64("an effect length");
        if (ahead.U32("a context") != 1)
        {
            return false;
        }

        cursor = ahead;
        request = request with { Length = length, Flags = (ushort)(request.Flags & ~Wire.PayloadLen) };
        return true;
    }

    private void Expect(FuzzRequest request, ReadOnlySpan<byte> payload)
    {
        var errors = _rules.Refusals(request);
        byte[]? data = null;
        if (errors.Count == 0)
        {
            errors = Do(request, payload, out data);
        }

        Expected.Add(new FuzzExpectation(request, errors, data));
    }

    private HashSet<uint> Do(FuzzRequest request, ReadOnlySpan<byte> payload, out byte[]? data)
    {
        data = null;
        var bad = FuzzWorld.Bad;
        var isBad = _world.Fails && request.Offset < (ulong)bad.End && request.End > (ulong)bad.Offset;
        switch (request.Command)
        {
            case Wire.Read:
                var end = isBad ? (long)Math.Max(request.Offset, (ulong)bad.Offset) : (long)request.End;
                data = Read((long)request.Offset, end);
                return isBad ? [Wire.InputOutput] : [];
            case Wire.Write when isBad:
                return [Wire.NoSpace];
            case Wire.Write:
                payload[..At(request).Length].CopyTo(At(request));
                return [];
            case Wire.WriteZeroes when request.Has(Wire.FastZero) && request.Offset % 1024 != 0:
                return [Wire.NotSupported];
            case Wire.WriteZeroes or Wire.Trim:
                At(request).Clear();
                return [];
            default:
                return [];
        }
    }

    private Span<byte> At(FuzzRequest request)
        => request.Offset >= FuzzWorld.ContentSize ? []
            : Content.AsSpan((int)request.Offset, (int)Math.Min(request.Length, FuzzWorld.ContentSize - request.Offset));

    private byte[] Read(long start, long end)
    {
        var data = new byte[end - start];
        var count = (int)Math.Clamp(FuzzWorld.ContentSize - start, 0, data.Length);
        if (count > 0)
        {
            Content.AsSpan((int)start, count).CopyTo(data);
        }

        return data;
    }

    /// <summary>Gives every request another cookie, so that replies in any order can be told apart.</summary>
    public static void Number(Span<byte> client, FuzzForm form)
    {
        var position = 0;
        var size = FuzzRequest.HeaderSize(form);
        for (ulong number = 1; client.Length - position >= size; number++)
        {
            if (!FuzzRequest.TryParse(client.Slice(position, size), form, out var request) || request.Payload > (ulong)client.Length)
            {
                return;
            }

            BinaryPrimitives.WriteUInt64BigEndian(client[(position + 8)..], number);
            position += size + (int)request.Payload;
        }
    }
}
