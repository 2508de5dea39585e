using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>
/// The parameters of the error filter. The keys for all operations set each operation's own, so that whichever comes later on
/// the command line counts. <c>error-rate</c> leaves flush and open alone: with nbdkit, where these commands come from, they never fail.
/// </summary>
public sealed record ErrorOptions
{
    private const string Names = "EPERM, EIO, ENOMEM, EINVAL, ENOSPC or ESHUTDOWN";

    [Parameter("error", $"Error for all operations: {Names}.", ValueName = "NAME")]
    public string ErrorName
    {
        get => Read.ErrorName;
        init => SetAll(setting => setting.ErrorName = value, withFlushAndOpen: true);
    }

    [Parameter("error-rate", "How often all operations but flush and open fail: 0 to 1, 0% to 100%, 1:10 or 1/10.")]
    public Probability Rate
    {
        get => Read.Rate;
        init => SetAll(setting => setting.Rate = value, withFlushAndOpen: false);
    }

    [Parameter("error-file", "Operations fail only while this file exists.")]
    public FilePath? File
    {
        get => Read.File;
        init => SetAll(setting => setting.File = value, withFlushAndOpen: true);
    }

    [Parameter("error-pread", "Error for reads.", ValueName = "NAME")]
    public string ReadErrorName
    {
        get => Read.ErrorName;
        init => Read.ErrorName = value;
    }

    [Parameter("error-pread-rate", "How often reads fail.")]
    public Probability ReadRate
    {
        get => Read.Rate;
        init => Read.Rate = value;
    }

    [Parameter("error-pread-file", "Reads fail only while this file exists.")]
    public FilePath? ReadFile
    {
        get => Read.File;
        init => Read.File = value;
    }

    [Parameter("error-pwrite", "Error for writes.", ValueName = "NAME")]
    public string WriteErrorName
    {
        get => Write.ErrorName;
        init => Write.ErrorName = value;
    }

    [Parameter("error-pwrite-rate", "How often writes fail.")]
    public Probability WriteRate
    {
        get => Write.Rate;
        init => Write.Rate = value;
    }

    [Parameter("error-pwrite-file", "Writes fail only while this file exists.")]
    public FilePath? WriteFile
    {
        get => Write.File;
        init => Write.File = value;
    }

    [Parameter("error-trim", "Error for trims.", ValueName = "NAME")]
    public string TrimErrorName
    {
        get => Trim.ErrorName;
        init => Trim.ErrorName = value;
    }

    [Parameter("error-trim-rate", "How often trims fail.")]
    public Probability TrimRate
    {
        get => Trim.Rate;
        init => Trim.Rate = value;
    }

    [Parameter("error-trim-file", "Trims fail only while this file exists.")]
    public FilePath? TrimFile
    {
        get => Trim.File;
        init => Trim.File = value;
    }

    [Parameter("error-zero", "Error for zeroing.", ValueName = "NAME")]
    public string ZeroErrorName
    {
        get => Zero.ErrorName;
        init => Zero.ErrorName = value;
    }

    [Parameter("error-zero-rate", "How often zeroing fails.")]
    public Probability ZeroRate
    {
        get => Zero.Rate;
        init => Zero.Rate = value;
    }

    [Parameter("error-zero-file", "Zeroing fails only while this file exists.")]
    public FilePath? ZeroFile
    {
        get => Zero.File;
        init => Zero.File = value;
    }

    [Parameter("error-extents", "Error for block status requests.", ValueName = "NAME")]
    public string ExtentsErrorName
    {
        get => Extents.ErrorName;
        init => Extents.ErrorName = value;
    }

    [Parameter("error-extents-rate", "How often block status requests fail.")]
    public Probability ExtentsRate
    {
        get => Extents.Rate;
        init => Extents.Rate = value;
    }

    [Parameter("error-extents-file", "Block status requests fail only while this file exists.")]
    public FilePath? ExtentsFile
    {
        get => Extents.File;
        init => Extents.File = value;
    }

    [Parameter("error-cache", "Error for cache requests.", ValueName = "NAME")]
    public string CacheErrorName
    {
        get => Cache.ErrorName;
        init => Cache.ErrorName = value;
    }

    [Parameter("error-cache-rate", "How often cache requests fail.")]
    public Probability CacheRate
    {
        get => Cache.Rate;
        init => Cache.Rate = value;
    }

    [Parameter("error-cache-file", "Cache requests fail only while this file exists.")]
    public FilePath? CacheFile
    {
        get => Cache.File;
        init => Cache.File = value;
    }

    [Parameter("error-flush", "Error for flushes (not in nbdkit).", ValueName = "NAME")]
    public string FlushErrorName
    {
        get => Flush.ErrorName;
        init => Flush.ErrorName = value;
    }

    [Parameter("error-flush-rate", "How often flushes fail (not in nbdkit).")]
    public Probability FlushRate
    {
        get => Flush.Rate;
        init => Flush.Rate = value;
    }

    [Parameter("error-flush-file", "Flushes fail only while this file exists (not in nbdkit).")]
    public FilePath? FlushFile
    {
        get => Flush.File;
        init => Flush.File = value;
    }

    [Parameter("error-open", "Error for opening the disk (not in nbdkit).", ValueName = "NAME")]
    public string OpenErrorName
    {
        get => Open.ErrorName;
        init => Open.ErrorName = value;
    }

    [Parameter("error-open-rate", "How often opening the disk fails (not in nbdkit).")]
    public Probability OpenRate
    {
        get => Open.Rate;
        init => Open.Rate = value;
    }

    [Parameter("error-open-file", "Opening the disk fails only while this file exists (not in nbdkit).")]
    public FilePath? OpenFile
    {
        get => Open.File;
        init => Open.File = value;
    }

    [Parameter("error-seed", "Makes the same requests fail in every run that asks the same (not in nbdkit).",
        DefaultText = "another one in each run")]
    public ulong? Seed { get; init; }

    internal ErrorSetting Read { get; } = new();

    internal ErrorSetting Write { get; } = new();

    internal ErrorSetting Trim { get; } = new();

    internal ErrorSetting Zero { get; } = new();

    internal ErrorSetting Extents { get; } = new();

    internal ErrorSetting Cache { get; } = new();

    internal ErrorSetting Flush { get; } = new();

    internal ErrorSetting Open { get; } = new();

    private void SetAll(Action<ErrorSetting> set, bool withFlushAndOpen)
    {
        ErrorSetting[] settings = withFlushAndOpen
            ? [Read, Write, Trim, Zero, Extents, Cache, Flush, Open]
            : [Read, Write, Trim, Zero, Extents, Cache];
        Array.ForEach(settings, set);
    }
}
