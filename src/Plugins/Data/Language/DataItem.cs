namespace SharpNbd.Plugins;

/// <summary>A member of a sequence: an expression whose bytes come next, or a move of the offset.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Expression">The expression, or null for a move.</param>
/// <param name="Move">How the offset moves.</param>
/// <param name="Number">How far.</param>
internal readonly record struct DataItem(DataPlace Place, DataExpression? Expression, DataMove Move = default, long Number = 0);
