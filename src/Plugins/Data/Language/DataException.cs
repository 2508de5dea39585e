namespace SharpNbd.Plugins;

/// <summary>The data cannot be understood, or what it names cannot be had.</summary>
/// <param name="place">Where that stands.</param>
/// <param name="message">What is wrong and what is accepted.</param>
internal sealed class DataException(DataPlace place, string message) : Exception($"{place}: {message}");
