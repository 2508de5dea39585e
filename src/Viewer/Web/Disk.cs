namespace SharpNbd.Viewer;

/// <summary>A disk that the page shows.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Log">Its log.</param>
/// <param name="Switch">What makes it fail, or null.</param>
internal sealed record Disk(string Name, DiskLog Log, ErrorSwitch? Switch);
