using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>The one user and password, given as X-ClickHouse headers, as Basic authorization, or in the URL.</summary>
internal sealed class Credentials(ClickHouseOptions options, QueryErrors errors)
{
    private readonly byte[] user = Digest(options.User);
    private readonly byte[] password = Digest(options.Password.Reveal());

    /// <exception cref="QueryError">516, without saying which of the two was wrong.</exception>
    public void Check(HttpRequest request)
    {
        var (givenUser, givenPassword) = Given(request);
        // Digests have one length, and both are always compared: the time tells nothing.
        var matches = CryptographicOperations.FixedTimeEquals(Digest(givenUser), user)
            & CryptographicOperations.FixedTimeEquals(Digest(givenPassword), password);
        if (!matches)
        {
            throw errors.AuthenticationFailed(givenUser);
        }
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private (string User, string Password) Given(HttpRequest request)
    {
        var headers = request.Headers;
        var byHeader = headers.ContainsKey("X-ClickHouse-User") || headers.ContainsKey("X-ClickHouse-Key");
        var byUrl = request.Query.ContainsKey("user") || request.Query.ContainsKey("password");
        var authorization = headers.Authorization.ToString();
        if ((byHeader ? 1 : 0) + (byUrl ? 1 : 0) + (authorization.Length > 0 ? 1 : 0) > 1)
        {
            throw errors.AuthenticationFailed("Invalid authentication: it is not allowed to use more than one of X-ClickHouse headers, Authorization header and URL parameters. default");
        }

        if (byHeader)
        {
            return (Or(headers["X-ClickHouse-User"], "default"), headers["X-ClickHouse-Key"].ToString());
        }

        return authorization.Length > 0
            ? Basic(authorization)
            : (Or(request.Query["user"], "default"), request.Query["password"].ToString());
    }

    private static string Or(string? text, string fallback) => string.IsNullOrEmpty(text) ? fallback : text;

    private static (string User, string Password) Basic(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
        {
            return ("default", "");
        }

        var bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out var length))
        {
            return ("default", "");
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (pair, "") : (pair[..colon], pair[(colon + 1)..]);
    }
}
