namespace SharpNbd.Abstractions;

/// <summary>A parameter as it was typed.</summary>
/// <param name="Key">The text before the first <c>=</c>.</param>
/// <param name="Value">The text behind it.</param>
public readonly record struct ParameterValue(string Key, string Value);
