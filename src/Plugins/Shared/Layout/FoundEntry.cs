namespace SharpNbd.Plugins;

/// <summary>What a directory holds under a name.</summary>
/// <param name="Name">The name in the system's bytes.</param>
/// <param name="Facts">What it is: where links are followed what they lead to, unless that is not there.</param>
/// <param name="LinkTarget">Where it leads to in the system's bytes, if it is a symbolic link that was not followed.</param>
internal readonly record struct FoundEntry(byte[] Name, FileFacts Facts, byte[]? LinkTarget);
