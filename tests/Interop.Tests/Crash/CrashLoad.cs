using System.Buffers.Binary;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// A client that writes to a region of its own, several requests at a time and some with FUA, flushes now and then, and remembers what it was
/// told to be written. Every sector names its place and which write it is of, with a checksum, so that one look at the disk tells what is there.
/// </summary>
/// <param name="index">Its number, which is also that of its region.</param>
/// <param name="seed">Chooses what it writes.</param>
internal sealed class CrashLoad(int index, int seed)
{
    public const int RegionSize = 4 << 20;

    private const int Sector = 512;
    private const int MostAtOnce = 8;

    private static readonly int[] Lengths = [512, 4096, 12 << 10, 16 << 10, 64 << 10, 256 << 10];

    private readonly Random _random = new(seed);
    private readonly uint[] _issued = new uint[RegionSize / Sector];
    private readonly uint[] _told = new uint[RegionSize / Sector];
    private uint _version;

    /// <summary>The writes and flushes that were acknowledged in the last run.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Writes and flushes until the server is gone.</summary>
    /// <param name="socketPath">Where it is.</param>
    /// <param name="replied">Called for every reply.</param>
    public void Run(string socketPath, Action replied)
    {
        Acknowledged = 0;
        try
        {
            using var client = RawClient.Open(socketPath);
            while (true)
            {
                WriteSome(client, replied);
                if (_random.Next(3) == 0)
                {
                    Flush(client, replied);
                }
            }
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            // The server was killed.
        }
    }

    /// <summary>Every sector holds what was acknowledged last, or something that was sent later, and nothing else.</summary>
    public void AssertNothingIsLost(byte[] disk, string which)
    {
        for (var sector = 0; sector < _told.Length; sector++)
        {
            var version = VersionOf(disk.AsSpan((index * RegionSize) + (sector * Sector), Sector), sector);
            Assert.True(
                version is { } found && found >= _told[sector] && found <= _issued[sector],
                $"sector {sector} of connection {index} holds {(version is null ? "nobody's bytes" : $"write {version}")}; " +
                $"write {_told[sector]} was acknowledged, {_issued[sector]} was the last ({which})");

            // What is there now is what the next run begins with.
            _told[sector] = _issued[sector] = version!.Value;
        }
    }

    private static uint Check(ReadOnlySpan<byte> sector)
    {
        var hash = 2166136261u;
        foreach (var value in sector)
        {
            hash = (hash ^ value) * 16777619u;
        }

        return hash;
    }

    // Writes under way at once do not overlap: which of them comes last would not be known.
    private void WriteSome(RawClient client, Action replied)
    {
        var under = new Dictionary<ulong, (int First, int Count)>();
        var most = (ulong)_random.Next(1, MostAtOnce + 1);
        for (ulong cookie = 1; cookie <= most; cookie++)
        {
            var count = Lengths[_random.Next(Lengths.Length)] / Sector;
            var first = _random.Next(_told.Length - count + 1);
            if (under.Values.Any(other => first < other.First + other.Count && other.First < first + count))
            {
                continue;
            }

            var flags = _random.Next(8) == 0 ? Wire.Fua : (ushort)0;
            _version++;
            _issued.AsSpan(first, count).Fill(_version);
            under.Add(cookie, (first, count));
            client.SendWrite(cookie, (ulong)((index * RegionSize) + (first * Sector)), Content(first, count), flags);
        }

        while (under.Count > 0)
        {
            var reply = client.Receive();
            Assert.Equal(0u, reply.Error);
            Acknowledged++;
            Assert.True(under.Remove(reply.Cookie, out var write), $"a reply to {reply.Cookie}, which is not under way");
            _issued.AsSpan(write.First, write.Count).CopyTo(_told.AsSpan(write.First));
            replied();
        }
    }

    private void Flush(RawClient client, Action replied)
    {
        Assert.Equal(0u, client.Ask(RawClient.Flush, 0, 0).Error);
        Acknowledged++;
        replied();
    }

    private byte[] Content(int first, int count)
    {
        var content = new byte[count * Sector];
        for (var i = 0; i < count; i++)
        {
            var sector = content.AsSpan(i * Sector, Sector);
            sector.Fill((byte)_version);
            BinaryPrimitives.WriteInt32BigEndian(sector[4..], (index * _told.Length) + first + i);
            BinaryPrimitives.WriteUInt32BigEndian(sector[8..], _version);
            BinaryPrimitives.WriteUInt32BigEndian(sector, Check(sector[4..]));
        }

        return content;
    }

    /// <summary>Which write a sector is of; 0 where nothing was written, null where it is torn or of another place.</summary>
    private uint? VersionOf(ReadOnlySpan<byte> sector, int number)
        => !sector.ContainsAnyExcept((byte)0) ? 0
            : BinaryPrimitives.ReadUInt32BigEndian(sector) == Check(sector[4..])
                && BinaryPrimitives.ReadInt32BigEndian(sector[4..]) == (index * _told.Length) + number
                ? BinaryPrimitives.ReadUInt32BigEndian(sector[8..]) : null;
}
