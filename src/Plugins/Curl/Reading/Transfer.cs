namespace SharpNbd.Plugins;

/// <summary>A request to the server that waits for its turn.</summary>
internal abstract class Transfer
{
    /// <summary>It has not begun. Changed by the queue, under its lock.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Somebody waits for it: it goes before what is read ahead. Changed by the queue, under its lock.</summary>
    public bool IsUrgent { get; set; }

    /// <summary>Does it; keeps a failure for those who wait.</summary>
    public abstract Task RunAsync();
}
