using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Secrets in any layer, also in files that an upper layer deletes, in the environment, the arguments, the labels and the history of the image.</summary>
internal sealed class SecretCheck(string image)
{
    private const string Fix = "take it out of the build (a later layer that deletes it does not), give it at run time as a secret file, and revoke it: it is known now";
    private readonly List<Finding> findings = [];

    public void Inspect(ImageFile file, ReadOnlyMemory<byte> content)
    {
        if (file.IsRegular && (SecretPatterns.ByName(file.Path) ?? SecretPatterns.ByContent(content.Span)) is { } kind)
        {
            findings.Add(new(image, "secret-in-layer", Severity.Critical, $"/{file.Path} (layer {file.Layer}): {kind}", Fix));
        }
    }

    public CheckResult Result(JsonObject config) => CheckResult.Of(findings.Concat(Variables(config)).Concat(Texts(config)).DistinctBy(finding => (finding.Rule, finding.Subject)));

    private IEnumerable<Finding> Variables(JsonObject config) =>
        from variable in config["config"]?["Env"]?.AsArray() ?? []
        let text = (string)variable!
        let at = text.IndexOf('=', StringComparison.Ordinal)
        where at > 0 && SecretPatterns.IsSecretVariable(text[..at], text[(at + 1)..])
        select new Finding(image, "secret-in-environment", Severity.Critical, text[..at], Fix);

    private IEnumerable<Finding> Texts(JsonObject config)
    {
        var container = config["config"];
        (string Rule, string Where, string Text)[] texts =
        [
            ("secret-in-arguments", "ENTRYPOINT", Words(container?["Entrypoint"])),
            ("secret-in-arguments", "CMD", Words(container?["Cmd"])),
            ("secret-in-arguments", "HEALTHCHECK", Words(container?["Healthcheck"]?["Test"])),
            .. (container?["Labels"]?.AsObject() ?? []).Select(label => ("secret-in-label", label.Key, $"{label.Key[(label.Key.LastIndexOf('.') + 1)..]}={label.Value}")),
            .. (config["history"]?.AsArray() ?? []).Select((step, index) => ("secret-in-history", $"step {index}", (string?)step?["created_by"] ?? "")),
        ];
        return from text in texts
               let kind = SecretPatterns.ByText(text.Text)
               where kind is not null
               select new Finding(image, text.Rule, Severity.Critical, $"{text.Where}: {kind}", Fix);
    }

    private static string Words(JsonNode? words) => string.Join(' ', (words?.AsArray() ?? []).Select(word => (string?)word));
}
