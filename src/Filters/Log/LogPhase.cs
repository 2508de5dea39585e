namespace SharpNbd.Filters;

/// <summary>Which line of an action; the names in capitals are the <c>$type</c> of scripts.</summary>
internal enum LogPhase
{
    /// <summary>The only line of an action that takes no time.</summary>
    Print,

    /// <summary>The request has come.</summary>
    Enter,

    /// <summary>The request is done.</summary>
    Leave,
}
