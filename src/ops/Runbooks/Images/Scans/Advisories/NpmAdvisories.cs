using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Sboms;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>Asks the npm registry that this machine uses, as <c>npm audit</c> does, about the packages that are in the image.</summary>
internal sealed class NpmAdvisories(HttpClient http, Func<CancellationToken, Task<string?>> registry)
{
    public static async Task<string?> RegistryOfMachineAsync(CancellationToken cancellation)
    {
        if (Shell.Find("npm") is null)
        {
            return null;
        }
        var (exit, lines) = await Shell.RunAsync(new("npm", ["config", "get", "registry"]), null, cancellation);
        return exit == 0 ? lines.LastOrDefault(line => line.StartsWith("https://", StringComparison.Ordinal)) : null;
    }

    public async Task<CheckResult> CheckAsync(string image, IReadOnlyList<Component> components, CancellationToken cancellation)
    {
        CheckResult Incomplete(string reason) => new([], [new(image, "npm advisories", reason)]);
        if (await registry(cancellation) is not { } address)
        {
            return Incomplete("npm is not installed, so there is no registry to ask");
        }
        var question = new JsonObject(components.GroupBy(component => component.Name, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, (JsonNode?)new JsonArray([.. group.Select(component => (JsonNode)component.Version)]))));
        try
        {
            using var content = new StringContent(question.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri(new Uri(address), "-/npm/v1/security/advisories/bulk"), content, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                return Incomplete($"the npm registry answers {(int)response.StatusCode} to the question for advisories");
            }
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation) ?? [];
            return CheckResult.Of(answer.SelectMany(package => package.Value!.AsArray().Select(advisory => Finding(image, package.Key, advisory!, components))));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return Incomplete($"the npm registry could not be asked: {e.Message}");
        }
    }

    private static Finding Finding(string image, string package, JsonNode advisory, IReadOnlyList<Component> components)
    {
        var url = (string?)advisory["url"] ?? $"npm-{advisory["id"]}";
        return new(
            image, url[(url.LastIndexOf('/') + 1)..], OsvFile.Word((string?)advisory["severity"]) ?? Severity.High,
            $"{package} {string.Join(", ", components.Where(component => component.Name == package).Select(component => component.Version))}",
            $"update it past {advisory["vulnerable_versions"]}: {url}");
    }
}
