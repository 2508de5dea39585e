using System.Globalization;
using System.Net;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Files of cookies: those of Netscape and curl, a line for each cookie with seven fields between tabs (domain, whether hosts below it
/// count too, path, whether only for HTTPS, when it expires as seconds since 1970 or 0, name, value), and <c>Set-Cookie:</c> headers.
/// </summary>
internal static class CookieFile
{
    private const string HttpOnlyMark = "#HttpOnly_";

    /// <summary>Reads cookies; a line that holds none is passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="url">Where headers are taken to come from.</param>
    /// <param name="cookies">Where the cookies go.</param>
    public static void Read(string path, Uri url, CookieContainer cookies)
    {
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (line.StartsWith("Set-Cookie:", StringComparison.OrdinalIgnoreCase))
                {
                    cookies.SetCookies(url, line["Set-Cookie:".Length..].Trim());
                }
                else
                {
                    ReadFields(line, cookies);
                }
            }
            catch (CookieException)
            {
                // As curl does: the rest of the file is of use.
            }
        }
    }

    /// <summary>Writes all cookies in place of the file, which other users cannot read.</summary>
    public static void Write(string path, CookieContainer cookies)
    {
        var text = new StringBuilder("# Netscape HTTP Cookie File\n");
        foreach (var cookie in cookies.GetAllCookies().Where(cookie => !cookie.Expired))
        {
            var expires = cookie.Expires == DateTime.MinValue ? 0 : new DateTimeOffset(cookie.Expires.ToUniversalTime()).ToUnixTimeSeconds();
            text.Append(cookie.HttpOnly ? HttpOnlyMark : "").Append(cookie.Domain)
                .Append(cookie.Domain.StartsWith('.') ? "\tTRUE\t" : "\tFALSE\t").Append(cookie.Path)
                .Append(cookie.Secure ? "\tTRUE\t" : "\tFALSE\t").Append(expires.ToString(CultureInfo.InvariantCulture))
                .Append('\t').Append(cookie.Name).Append('\t').Append(cookie.Value).Append('\n');
        }

        // A new file in its place: whoever reads at the same time sees the old cookies or the new ones.
        var next = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(next, Encoding.UTF8, options) { AutoFlush = false })
        {
            writer.Write(text);
        }

        File.Move(next, path, overwrite: true);
    }

    private static void ReadFields(string line, CookieContainer cookies)
    {
        var isHttpOnly = line.StartsWith(HttpOnlyMark, StringComparison.Ordinal);
        var fields = (isHttpOnly ? line[HttpOnlyMark.Length..] : line).Split('\t');
        if (fields.Length < 6 || (!isHttpOnly && line.StartsWith('#')) || !long.TryParse(fields[4], CultureInfo.InvariantCulture, out var expires))
        {
            return;
        }

        var host = fields[0].TrimStart('.');
        var cookie = new Cookie(fields[5], fields.ElementAtOrDefault(6) ?? "", fields[2])
        {
            HttpOnly = isHttpOnly,
            Secure = fields[3] == "TRUE",
        };
        if (expires > 0)
        {
            cookie.Expires = DateTimeOffset.FromUnixTimeSeconds(Math.Min(expires, DateTimeOffset.MaxValue.ToUnixTimeSeconds())).UtcDateTime;
        }

        if (fields[1] == "TRUE" && host.Contains('.', StringComparison.Ordinal) && !IPAddress.TryParse(host, out _))
        {
            cookie.Domain = $".{host}";
            cookies.Add(cookie);
        }
        else if (Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var url))
        {
            cookies.Add(url, cookie);
        }
    }
}
