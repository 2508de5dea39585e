namespace SharpNbd.Plugins;

/// <summary>Something that may block, to be done by <see cref="IoThreads"/>.</summary>
internal abstract class IoWork
{
    /// <summary>Does it, on an I/O thread. Reports failures itself and never throws.</summary>
    public abstract void Execute();
}
