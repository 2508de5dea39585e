namespace SharpNbd.Client;

/// <summary>What an NBD_REP_INFO tells.</summary>
internal enum InfoType : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}
