namespace SharpNbd.Filters;

/// <summary>
/// The random numbers that decide which requests fail. A counter that is scrambled (the SplitMix64 generator), so that
/// connections share one sequence without a lock and a seed gives the same sequence in every run.
/// </summary>
/// <param name="seed">Where the sequence begins; another place in each run when null.</param>
internal sealed class ErrorDice(ulong? seed)
{
    private const ulong Step = 0x9e3779b97f4a7c15;

    private ulong _state = seed ?? (ulong)Random.Shared.NextInt64();

    /// <summary>True as often as the rate, 0 … 1, says.</summary>
    public bool Roll(double rate) => Next() < rate;

    /// <summary>A number of 0 … 1, 1 excluded, made of 53 bits as a double holds them.</summary>
    private double Next()
    {
        var bits = Interlocked.Add(ref _state, Step);
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
        bits ^= bits >> 31;
        return (bits >> 11) * (1.0 / (1UL << 53));
    }
}
