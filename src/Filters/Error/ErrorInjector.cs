using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>Lets one kind of operation fail.</summary>
internal sealed class ErrorInjector
{
    private readonly string _operation;
    private readonly NbdError _error;
    private readonly double _rate;
    private readonly string? _file;
    private readonly ErrorDice _dice;
    private readonly ILogger _logger;

    private ErrorInjector(string operation, ErrorSetting setting, ErrorDice dice, ILogger logger)
    {
        _operation = operation;
        _error = setting.Error;
        _rate = setting.Rate.Value;
        _file = setting.File?.Value;
        _dice = dice;
        _logger = logger;
    }

    /// <summary>An injector, or null for an operation that never fails.</summary>
    public static ErrorInjector? Of(string operation, ErrorSetting setting, ErrorDice dice, ILogger logger)
        => setting.Rate.Value > 0 ? new ErrorInjector(operation, setting, dice, logger) : null;

    /// <summary>Throws where the request has to fail, before anything behind the filter has heard of it.</summary>
    public void ThrowIfDue()
    {
        if ((_file is null || Path.Exists(_file)) && (_rate >= 1 || _dice.Roll(_rate)))
        {
            ErrorMessages.Injecting(_logger, _error, _operation);
            throw new NbdException(_error, $"injecting {_error} error into {_operation}") { IsLogged = true };
        }
    }
}
