using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>
/// Names that change with what they name: whoever mounts a ConfigMap by such a name is rolled out when its content changes,
/// and a rollback finds the content of before.
/// </summary>
internal static class ContentHash
{
    private const int Digits = 10;

    public static string Of(JsonNode content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString())))[..Digits];
}
