using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Logging;

/// <summary>
/// Writes lines to standard output, each by one call of the kernel: nothing is lost by kill -9, lines of two processes do not
/// mix, and a file put under descriptor 1 (rotation) is used from the next line on. Console.Out would keep the old one.
/// </summary>
internal sealed class JsonLogWriter(ServiceOptions service, ConfigurationSources sources, TimeProvider time, int descriptor = 1)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly SearchValues<string>? secrets = sources.SecretValues.Count == 0
        ? null
        : SearchValues.Create([.. sources.SecretValues], StringComparison.Ordinal);

    private readonly Lock turn = new();
    private readonly ArrayBufferWriter<byte> buffer = new(1024);

    public void Write(Action<Utf8JsonWriter> content)
    {
        lock (turn)
        {
            buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(buffer, Options))
            {
                json.WriteStartObject();
                json.WriteString("time"u8, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                json.WriteString("service"u8, service.Name);
                json.WriteString("replica"u8, service.Replica);
                json.WriteString("release"u8, service.Release);
                content(json);
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
            Native.WriteAll(descriptor, buffer.WrittenSpan);
        }
    }

    /// <summary>The text without the values of secrets.</summary>
    public string Clean(string text)
    {
        if (secrets is null || text.AsSpan().IndexOfAny(secrets) < 0)
        {
            return text;
        }

        return sources.SecretValues.Aggregate(text, (clean, secret) => clean.Replace(secret, "••••••", StringComparison.Ordinal));
    }
}
