namespace SharpNbd.Viewer;

/// <summary>What holds for the operations.</summary>
internal static class Operations
{
    public const int Count = (int)Operation.Flush + 1;

    /// <summary>The operation takes its bytes from the disk, and shows as a flash.</summary>
    public static bool IsRead(this Operation operation) => operation is Operation.Read or Operation.Cache;

    /// <summary>The operation changes its blocks, and shows from then on.</summary>
    public static bool IsChange(this Operation operation) => operation is Operation.Write or Operation.Zero or Operation.Trim;
}
