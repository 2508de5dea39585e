using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>The parameters of the delay filter. Whichever comes later on the command line counts.</summary>
public sealed record DelayOptions
{
    [Parameter("rdelay", "Delays reads.", Aliases = ["delay-read", "delay-reads"])]
    public TimeSpan Read { get; init; }

    [Parameter("wdelay", "Delays writes, zeroing and trims.")]
    public TimeSpan WriteZeroAndTrim
    {
        get => Write;
        init
        {
            Write = value;
            Zero = value;
            Trim = value;
        }
    }

    [Parameter("delay-write", "Delays writes.", Aliases = ["delay-writes"])]
    public TimeSpan Write { get; init; }

    [Parameter("delay-zero", "Delays zeroing.", Aliases = ["delay-zeroes"])]
    public TimeSpan Zero { get; init; }

    [Parameter("delay-trim", "Delays trims.", Aliases = ["delay-trims", "delay-discard", "delay-discards"])]
    public TimeSpan Trim { get; init; }

    [Parameter("delay-extents", "Delays block status requests.", Aliases = ["delay-extent"])]
    public TimeSpan Extents { get; init; }

    [Parameter("delay-cache", "Delays cache requests.")]
    public TimeSpan Cache { get; init; }

    [Parameter("delay-flush", "Delays flushes (not in nbdkit).")]
    public TimeSpan Flush { get; init; }

    [Parameter("delay-open", "Delays the opening of the disk for a client.")]
    public TimeSpan Open { get; init; }

    [Parameter("delay-close", "Delays the closing of the disk, unless the client vanished.")]
    public TimeSpan Close { get; init; }

    [Parameter("delay-fast-zero", "False: fast zero requests fail at once; true: they are delayed as zeroing is.")]
    public bool FastZero { get; init; } = true;

    [Parameter("delay-trigger", "Delays happen only while this file exists.")]
    public FilePath? Trigger { get; init; }
}
