using System.Globalization;
using System.Text;
using Provost.Topology.Model;

namespace Provost.Rendering.Compose;

/// <summary>The reference of .env, written from what the file is rendered from.</summary>
public static class EnvironmentFilePage
{
    // With all that a variable is written for.
    private static readonly Site Whole = new() { Target = Target.Compose, Traces = new Traces { Endpoint = "http://collector.example.edu:4317" } };

    public static string Markdown()
    {
        var page = new StringBuilder("""
            # `.env` of a Compose site

            What one machine may overrule without rendering anew: `.env` beside `compose.yaml`, which Docker Compose and `provost` read;
            a variable of the environment wins over the file. Never a secret. What services are given is in [environment](environment.md).
            This page is written from the source: `UPDATE_GOLDEN=1` with the tests of Rendering writes it anew.

            | variable | overrules in `provost.yaml` | default | meaning |
            |---|---|---|---|

            """);
        foreach (var variable in EnvironmentFile.VariablesOf(Whole))
        {
            var source = variable.Source is { } key ? $"`{key}`" : "";
            var value = variable.Source == "traces.endpoint" || variable.Value.Length == 0 ? "none" : $"`{variable.Value}`";
            page.Append(CultureInfo.InvariantCulture, $"| `{variable.Name}` | {source} | {value} | {variable.Meaning} |\n");
        }
        return page.Append("""

            With `domain`, address and port are those of `https`.

            """).ToString();
    }
}
