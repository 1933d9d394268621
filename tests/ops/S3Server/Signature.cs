using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Provost.S3Server;

/// <summary>AWS Signature Version 4 of a request, worked out from the published algorithm and compared with what was sent.</summary>
internal static class Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <returns>S3's error code; null when the request is signed with these keys.</returns>
    public static string? Refuses(HttpRequest request, byte[] body, string accessKey, string secretKey)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            return "AccessDenied";
        }
        var parts = header[Algorithm.Length..].Split(',').Select(p => p.Trim().Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var scope = parts["Credential"].Split('/', 2);
        if (scope[0] != accessKey)
        {
            return "InvalidAccessKeyId";
        }
        var sent = request.Headers["x-amz-content-sha256"].ToString();
        if (sent != "UNSIGNED-PAYLOAD" && sent != Hex(SHA256.HashData(body)))
        {
            return "XAmzContentSHA256Mismatch";
        }
        var text = $"{Algorithm}\n{request.Headers["x-amz-date"]}\n{scope[1]}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, parts["SignedHeaders"], sent))))}";
        return Hex(HMACSHA256.HashData(SigningKey(secretKey, scope[1]), Encoding.UTF8.GetBytes(text))) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }

    private static string Canonical(HttpRequest request, string signedHeaders, string payload)
    {
        var path = string.Join('/', request.Path.Value!.Split('/').Select(Encoded));
        var query = string.Join('&', request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{Encoded(q.Key)}={Encoded(q.Value.ToString())}"));
        var headers = string.Concat(signedHeaders.Split(';').Select(name => $"{name}:{(name == "host" ? request.Host.ToString() : request.Headers[name].ToString()).Trim()}\n"));
        return string.Create(CultureInfo.InvariantCulture, $"{request.Method}\n{path}\n{query}\n{headers}\n{signedHeaders}\n{payload}");
    }

    private static byte[] SigningKey(string secretKey, string scope) =>
        scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));

    private static string Encoded(string text) => Uri.EscapeDataString(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
