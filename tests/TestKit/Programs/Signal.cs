namespace SharpNbd.TestKit;

/// <summary>The signals that tests send, with Linux's numbers.</summary>
public enum Signal
{
    /// <summary>The terminal went away; a server stops.</summary>
    Hangup = 1,

    /// <summary>Control-C; a server stops.</summary>
    Interrupt = 2,

    /// <summary>Control-backslash; a server stops.</summary>
    Quit = 3,

    /// <summary>Ends a process at once.</summary>
    Kill = 9,

    /// <summary>The usual request to stop.</summary>
    Terminate = 15,

    /// <summary>Goes on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Halts a process until <see cref="Continue"/>.</summary>
    Stop = 19,
}
