using System.Net;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The cookies that the server sets, where the user asked for keeping them.</summary>
/// <param name="options">The files.</param>
/// <param name="url">The disk image, whose host the headers in a file of cookies are for.</param>
/// <param name="logger">Where a file that cannot be written is reported.</param>
internal sealed class CookieStore(CurlOptions options, Uri url, ILogger logger)
{
    private readonly Lock _saving = new();

    /// <summary>The cookies, or null where they are not kept.</summary>
    public CookieContainer? Cookies { get; } = options is { CookieFile: null, CookieJar: null } ? null : Load(options, url);

    /// <summary>Writes the jar, where there is one.</summary>
    public void Save()
    {
        if (options.CookieJar is not { } jar || Cookies is null)
        {
            return;
        }

        try
        {
            lock (_saving)
            {
                CookieFile.Write(jar.Value, Cookies);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.CookiesNotWritten(jar.Value, e.Message);
        }
    }

    private static CookieContainer Load(CurlOptions options, Uri url)
    {
        var cookies = new CookieContainer();
        if (options.CookieFile is { Length: > 0 } file)
        {
            Read("cookiefile", file, url, cookies);
        }

        // A jar that is not there yet is made when it is written.
        if (options.CookieJar is { } jar && Path.Exists(jar.Value))
        {
            Read("cookiejar", jar.Value, url, cookies);
        }

        return cookies;
    }

    private static bool IsRegular(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        using var file = File.OpenHandle(path);
        return !Libc.IsAvailable || (FileStatus.TryGet((int)file.DangerousGetHandle(), out var status) && status.IsRegular);
    }

    private static void Read(string key, string path, Uri url, CookieContainer cookies)
    {
        try
        {
            // A jar is replaced when it is written, and /dev/null must not be.
            if (key == "cookiejar" && !IsRegular(path))
            {
                throw new ParameterException($"{key}={path}: a regular file is needed; without a jar, cookiefile= keeps cookies too");
            }

            CookieFile.Read(path, url, cookies);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"{key}={path}: {e.Message}");
        }
    }
}
