namespace SharpNbd.Server;

/// <summary>NBD_INFO_…: what a client can ask about an export ("NBD_OPT_INFO").</summary>
internal enum InfoType : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}
