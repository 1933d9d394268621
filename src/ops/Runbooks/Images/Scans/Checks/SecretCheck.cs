using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>Secrets in any layer, also in files that an upper layer deletes, and in the environment and the arguments of the image.</summary>
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

    public CheckResult Result(JsonObject config) => CheckResult.Of(findings.Concat(Variables(config)));

    private IEnumerable<Finding> Variables(JsonObject config) =>
        from variable in config["config"]?["Env"]?.AsArray() ?? []
        let text = (string)variable!
        let at = text.IndexOf('=', StringComparison.Ordinal)
        where at > 0 && SecretPatterns.IsSecretVariable(text[..at], text[(at + 1)..])
        select new Finding(image, "secret-in-environment", Severity.Critical, text[..at], Fix);
}
