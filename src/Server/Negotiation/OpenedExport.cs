using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>A disk that was opened for a connection.</summary>
/// <param name="Name">Its name, the default one resolved.</param>
/// <param name="Disk">The outermost disk of the chain.</param>
/// <param name="Facts">What a client is told of it.</param>
internal sealed record OpenedExport(string Name, Disk Disk, ExportFacts Facts);
