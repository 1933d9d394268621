using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Logging;

/// <summary>One line of JSON for each entry.</summary>
internal sealed class JsonLogger(string category, JsonLogWriter writer) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        writer.Write(json =>
        {
            json.WriteString("level"u8, Name(logLevel));
            json.WriteString("category"u8, category);
            json.WriteString("message"u8, writer.Clean(formatter(state, exception)));
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            {
                json.WriteString("traceId"u8, activity.TraceId.ToHexString());
                json.WriteString("spanId"u8, activity.SpanId.ToHexString());
            }

            WriteValues(json, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            if (exception is not null)
            {
                json.WriteString("exception"u8, writer.Clean(exception.ToString()));
            }
        });

    private void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        foreach (var (name, value) in values)
        {
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                default: json.WriteStringValue(writer.Clean(value.ToString() ?? "")); break;
            }
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
