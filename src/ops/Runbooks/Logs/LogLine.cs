using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Provost.Runbooks.Logs;

/// <summary>One line of a replica's log.</summary>
/// <param name="At">When it was written; null when the line does not say.</param>
public sealed partial record LogLine(string Replica, DateTimeOffset? At, string? Level, string Text)
{
    public static LogLine Parse(string replica, string text)
    {
        if (text.StartsWith('{') && Json(replica, text) is { } parsed)
        {
            return parsed;
        }
        var redis = RedisStamp().Match(text);
        return redis.Success && DateTime.TryParseExact(redis.Groups[1].Value, "d MMM yyyy HH:mm:ss.fff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)
            ? new LogLine(replica, at, RedisLevel(redis.Groups[2].Value), redis.Groups[3].Value)
            : new LogLine(replica, null, null, text);
    }

    private static LogLine? Json(string replica, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var at = (root.TryGetProperty("time", out var time) || root.TryGetProperty("at", out time)) && time.TryGetDateTimeOffset(out var stamp) ? stamp : (DateTimeOffset?)null;
            var message = root.TryGetProperty("message", out var m) ? m.GetString() : null;
            var level = root.TryGetProperty("level", out var l) ? l.GetString() : root.TryGetProperty("kind", out l) ? l.GetString() : null;
            var subject = root.TryGetProperty("kind", out _) && root.TryGetProperty("replica", out var r) ? r.GetString() + ": " : "";
            var error = root.TryGetProperty("exception", out var e) ? "\n" + e : "";
            return message is null ? null : new LogLine(replica, at, level, subject + message + error);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string RedisLevel(string mark) => mark switch
    {
        "#" => "warning",
        "." => "debug",
        _ => "information",
    };

    [GeneratedRegex(@"^\d+:[A-Z] (\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3}) ([.*#-]) (.*)$")]
    private static partial Regex RedisStamp();
}
