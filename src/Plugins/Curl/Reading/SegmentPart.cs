namespace SharpNbd.Plugins;

/// <summary>A part of a segment that a read wants.</summary>
/// <param name="Segment">The segment, which the part is a user of.</param>
/// <param name="From">Where in the segment it begins.</param>
/// <param name="Length">Its length.</param>
/// <param name="IsShared">The segment was there before the read.</param>
internal readonly record struct SegmentPart(Segment Segment, int From, int Length, bool IsShared);
