namespace SharpNbd.Server;

/// <summary>An option as it was typed.</summary>
/// <param name="Definition">Which one.</param>
/// <param name="Value">Its value; "" for an option without one.</param>
internal readonly record struct GivenOption(OptionDefinition Definition, string Value);
