using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Tests.Kubernetes;

public sealed class OpenApiTests
{
    // Kinds of operators: their definitions are not part of a plain API server.
    private static readonly string[] Extensions = ["HTTPRoute", "Certificate", "ExternalSecret"];

    private static readonly OpenApiSchemas? Schemas = OpenApiSchemas.Find();

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_object_is_what_an_API_server_takes_with_strict_validation(string name)
    {
        var schemas = Known();

        Assert.All(Cases.Manifests(name).Where(manifest => !Extensions.Contains(manifest.Kind)), manifest =>
        {
            Assert.True(schemas.Knows(manifest.ApiVersion, manifest.Kind), $"{manifest.ApiVersion} {manifest.Kind} is no kind of this server");
            Assert.True(schemas.Problems(manifest.Body) is [], $"{manifest}: {string.Join("; ", schemas.Problems(manifest.Body))}");
        });
    }

    [Theory]
    [InlineData("spec.template.spec.containers.0.imagePullPolice", "\"Always\"", "is unknown")]
    [InlineData("spec.replicas", "\"three\"", "is no integer")]
    [InlineData("spec.template.spec.containers.0.ports.0.containerPort", "null", "is missing")]
    [InlineData("spec.template.spec.containers.0.readinessProbe.httpGet.port", "true", "none of the allowed types")]
    public void A_wrong_field_is_found(string path, string value, string problem)
    {
        var schemas = Known();
        var api = Cases.Manifests("small").Single(manifest => manifest is { Kind: "Deployment", Name: "api" });
        Set(api, path, JsonNode.Parse(value));

        Assert.Contains(schemas.Problems(api.Body), found => found.Contains(problem, StringComparison.Ordinal));
    }

    private static OpenApiSchemas Known()
    {
        Assert.SkipUnless(Schemas is not null, "extra: the schemas of an API server are not on this machine");
        return Schemas!;
    }

    private static void Set(Manifest manifest, string path, JsonNode? value)
    {
        var words = path.Split('.');
        JsonNode at = manifest.Body;
        foreach (var word in words[..^1])
        {
            at = int.TryParse(word, out var index) ? at[index]! : at[word]!;
        }
        at.AsObject().Remove(words[^1]);
        if (value is not null)
        {
            at[words[^1]] = value;
        }
    }
}
