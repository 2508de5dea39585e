using CsCheck;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Conversations that a client could have, with one mistake in each.</summary>
internal static class Mistakes
{
    private static readonly Gen<byte[]> Numbers = OneOf(
        Wire.U16(0xffff), Wire.U32(0), Wire.U32(1), Wire.U32(0xffffffff), Wire.U32(0x80000000), Wire.U64(ulong.MaxValue), Wire.U64(1UL << 63), Wire.U64(FuzzWorld.ContentSize));

    /// <summary>The seeds of a target, in any world, each with one mistake.</summary>
    public static Gen<byte[]> Of(FuzzTarget target)
    {
        byte[][] seeds = [.. FuzzSeeds.Of(target).Select(seed => seed.Input).Where(input => input.Length > 2)];
        return Gen.Select(OneOf(seeds), Gen.Byte, Gen.Byte, Gen.Int[0, 4], Gen.Double[0, 1], Numbers, Gen.Byte).Select(Make);
    }

    /// <summary>One of these.</summary>
    public static Gen<byte[]> OneOf(params byte[][] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    private static byte[] Make(byte[] seed, byte world, byte chunk, int kind, double where, byte[] number, byte value)
    {
        var at = 2 + (int)(where * (seed.Length - 3));
        var end = Math.Min(seed.Length, at + number.Length);
        byte[] begin = [world, chunk, .. seed[2..at]];
        return kind switch
        {
            0 => [.. begin, value, .. seed[(at + 1)..]],
            1 => [.. begin, .. number, .. seed[end..]],
            2 => [.. begin, .. seed[end..]],
            3 => [.. begin, .. number, .. seed[at..]],
            _ => begin,
        };
    }
}
