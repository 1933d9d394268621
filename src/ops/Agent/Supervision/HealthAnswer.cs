using System.Text.Json;

namespace Provost.Agent.Supervision;

/// <summary>What a service says about its health, in a few words: which check fails, and why.</summary>
internal static class HealthAnswer
{
    public static string Shorten(string answer)
    {
        if (!answer.StartsWith('{'))
        {
            return answer;
        }
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            var failing = root.GetProperty("checks").EnumerateArray().Where(check => !check.GetProperty("ready").GetBoolean())
                .Select(check => $"{check.GetProperty("name").GetString()}: {check.GetProperty("problem").GetString()}").ToList();
            return failing.Count > 0 ? string.Join("; ", failing) : root.GetProperty("status").GetString() ?? answer;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return answer;
        }
    }
}
