using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>What the error filter writes to the server's log.</summary>
internal static partial class ErrorMessages
{
    [LoggerMessage(3010, LogLevel.Error, "injecting {Error} error into {Operation}")]
    public static partial void Injecting(ILogger logger, NbdError error, string operation);
}
