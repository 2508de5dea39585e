namespace SharpNbd.Server;

/// <summary>Whether clients may or must encrypt. The numbers are those of the shell variable <c>$tls</c>.</summary>
internal enum TlsMode
{
    /// <summary>STARTTLS is refused ("NOTLS mode").</summary>
    Off = 0,

    /// <summary>The client decides. Nothing is hidden from those that do not encrypt.</summary>
    On = 1,

    /// <summary>Nothing but STARTTLS and ABORT is answered in the clear ("FORCEDTLS mode").</summary>
    Require = 2,
}
