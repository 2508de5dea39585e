namespace SharpNbd.Viewer;

/// <summary>A request between its two lines.</summary>
/// <param name="Operation">What is asked for.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Count">How long it is.</param>
/// <param name="Sequence">Its place in the list.</param>
internal readonly record struct InFlight(Operation Operation, long Offset, long Count, long Sequence);
