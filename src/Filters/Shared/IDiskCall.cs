using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>
/// A call of a disk as a value, for filters that treat all operations alike. Implemented by structs and used as a type
/// argument only: nothing is boxed, and a filter pays nothing for writing its rule once.
/// </summary>
internal interface IDiskCall
{
    /// <summary>Makes the call.</summary>
    ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken);
}
