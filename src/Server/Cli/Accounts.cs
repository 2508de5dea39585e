using System.Globalization;

namespace SharpNbd.Server;

/// <summary>Finds users and groups by name or number.</summary>
internal static unsafe class Accounts
{
    /// <summary>The number of a user; null where there is none.</summary>
    public static uint? FindUser(string name) => Find(name, HostCalls.FindUser);

    /// <summary>The number of a group; null where there is none.</summary>
    public static uint? FindGroup(string name) => Find(name, HostCalls.FindGroup);

    // struct passwd and struct group both begin with two pointers, name and password, and then the number. The largest number
    // means "no change" to the system.
    private static uint? Find(string name, Func<string, nint> find)
    {
        if (OperatingSystem.IsWindows() || name.Length == 0)
        {
            return null;
        }

        var found = find(name);
        return found != 0 ? *(uint*)(found + (2 * sizeof(nint)))
            : uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number
            : null;
    }
}
