using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>How one operation fails. Changed while the command line is read, where the last word counts.</summary>
internal sealed class ErrorSetting
{
    // The errors that a client may get for any request.
    private static readonly NbdError[] Allowed
        = [NbdError.EPERM, NbdError.EIO, NbdError.ENOMEM, NbdError.EINVAL, NbdError.ENOSPC, NbdError.ESHUTDOWN];

    public NbdError Error { get; private set; } = NbdError.EIO;

    /// <summary>0 never, 1 always.</summary>
    public Probability Rate { get; set; }

    /// <summary>The operation fails only while this exists; null for always.</summary>
    public FilePath? File { get; set; }

    /// <summary>The error's name, exactly as the protocol writes it.</summary>
    /// <exception cref="FormatException">There is no such error, or not for every request.</exception>
    public string ErrorName
    {
        get => Error.ToString();
        set => Error = Array.Find(Allowed, error => error.ToString() == value) is var found and not NbdError.None
            ? found
            : throw new FormatException($"one of {string.Join(' ', Allowed)}, in capitals, is needed");
    }
}
