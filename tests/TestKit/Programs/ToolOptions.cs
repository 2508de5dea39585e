namespace SharpNbd.TestKit;

/// <summary>How a program is run.</summary>
public sealed record ToolOptions
{
    /// <summary>What it reads from standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Where it runs; the root directory unless it is said.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables besides those of the test's own environment; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long it may take, or null for <see cref="Tool.DefaultTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}
