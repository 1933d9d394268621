using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Scans.Checks;

/// <summary>How a container is started: as whom, on what base, with which labels and health check.</summary>
internal static class ConfigurationCheck
{
    private const string Label = "org.opencontainers.image.";
    private static readonly string[] Labels = [Label + "title", Label + "version", Label + "revision", Label + "source"];

    public static CheckResult Run(string image, JsonObject config)
    {
        var container = config["config"]?.AsObject() ?? [];
        return CheckResult.Of([.. User(image, container), .. Base(image, container), .. MissingLabels(image, container), .. Health(image, container)]);
    }

    private static IEnumerable<Finding> User(string image, JsonObject container)
    {
        var user = ((string?)container["User"] ?? "").Split(':')[0];
        if (user is "" or "0" or "root")
        {
            yield return new(image, "root-user", Severity.High, user.Length == 0 ? "no USER" : $"USER {user}", "end the Dockerfile with a numeric user: USER 1654:1654");
        }
        else if (!user.All(char.IsAsciiDigit))
        {
            yield return new(image, "named-user", Severity.Medium, $"USER {user}", "use the number: Kubernetes can only check runAsNonRoot of a numeric user");
        }
    }

    private static IEnumerable<Finding> Base(string image, JsonObject container)
    {
        var name = LabelOf(container, Label + "base.name");
        if (name == "scratch")
        {
            yield break;
        }
        if (name.Length == 0)
        {
            yield return new(image, "unknown-base", Severity.Medium, $"no label {Label}base.name", "name the base in the Dockerfile (LABEL); one that nobody names may be any version of anything");
            yield break;
        }
        var reference = ImageReference.Parse(name);
        if (!reference.NamesOneVersion)
        {
            yield return new(image, "unpinned-base", Severity.High, name, "name one version of the base (MAJOR.MINOR.PATCH), in release builds its digest: provost images build --pull, then --locked");
        }
        else if (reference.Digest is null)
        {
            yield return new(image, "base-without-digest", Severity.Low, name, "build releases on the recorded digest: provost images build --pull, then --locked");
        }
    }

    private static IEnumerable<Finding> MissingLabels(string image, JsonObject container) => Labels
        .Where(label => LabelOf(container, label) is "" or "unknown")
        .Select(label => new Finding(image, "missing-label", Severity.Low, label, "give it in the Dockerfile (LABEL) or with provost images build"));

    // Only what listens can be asked how it is.
    private static IEnumerable<Finding> Health(string image, JsonObject container)
    {
        if (container["ExposedPorts"] is JsonObject { Count: > 0 } && (container["Healthcheck"]?["Test"] is not JsonArray { Count: > 0 } test || (string?)test[0] == "NONE"))
        {
            yield return new(image, "no-healthcheck", Severity.Medium, "HEALTHCHECK", "add one that runs a program of the image; there is no shell and no curl");
        }
    }

    private static string LabelOf(JsonObject container, string label) => (string?)container["Labels"]?[label] ?? "";
}
