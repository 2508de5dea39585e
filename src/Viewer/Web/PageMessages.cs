using System.Buffers;
using System.Text.Json;

namespace SharpNbd.Viewer;

/// <summary>What the page is told in words, as JSON.</summary>
internal static class PageMessages
{
    /// <summary>The first message: what does not change, and the token, which no other site can read.</summary>
    public static ReadOnlyMemory<byte> Hello(IReadOnlyList<Disk> disks, string token) => Write(json =>
    {
        json.WriteString("type", "hello");
        json.WriteString("token", token);
        json.WriteNumber("fade", Palette.FadeMicroseconds / 1000.0);
        Strings(json, "palette", Enum.GetValues<Look>().Select(look => Palette.Of(look)).Select(rgb => $"#{rgb.Red:x2}{rgb.Green:x2}{rgb.Blue:x2}"));
        Strings(json, "operations", Enum.GetNames<Operation>().Select(name => name.ToLowerInvariant()));
        Strings(json, "errors", Enum.GetNames<LogError>());
        json.WriteStartArray("disks");
        foreach (var disk in disks)
        {
            json.WriteStartObject();
            json.WriteString("name", disk.Name);
            json.WriteString("log", disk.Log.Path);
            json.WriteString("error", disk.Switch?.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Why a log cannot be read; an empty text when it can again.</summary>
    public static ReadOnlyMemory<byte> Problem(int disk, string text) => Write(json =>
    {
        json.WriteString("type", "problem");
        json.WriteNumber("disk", disk);
        json.WriteString("text", text);
    });

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
