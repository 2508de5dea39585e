namespace SharpNbd.Server;

/// <summary>What the program is asked to do.</summary>
internal enum ServerCommand
{
    Serve,
    ShowHelp,
    ShowVersion,
    DumpConfig,
    DumpPlugin,
    ListLongOptions,
    ListShortOptions,
}
