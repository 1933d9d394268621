using System.Net;
using Microsoft.Net.Http.Headers;

namespace Provost.WebHost.Bundles;

/// <summary>
/// Fingerprinted files of the other replicas. Where each replica has only the bundle of its own release, a page of one release
/// meets replicas of the other while a rollout runs: whoever lacks a file asks those that may have it.
/// </summary>
internal sealed class PeerBundles(WebOptions options) : IDisposable
{
    /// <summary>Marks a question of a replica: whoever is asked so asks nobody else.</summary>
    private const string Asked = "Provost-Peer";

    private const int MostPeers = 16;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private static readonly string[] Passed = [HeaderNames.ContentType, HeaderNames.ContentEncoding, HeaderNames.ContentLength, HeaderNames.CacheControl, HeaderNames.Vary, HeaderNames.ETag];

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        Timeout = AnswerWithin,
    };

    /// <summary>Answers with another replica's file; false when none has it, or nobody is to be asked.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.ToUriComponent();
        if (options.Peers is not { } peers || context.Request.Headers.ContainsKey(Asked) || !Fingerprint.IsIn(path.TrimStart('/')))
        {
            return false;
        }

        var colon = peers.LastIndexOf(':');
        foreach (var address in await AddressesAsync(peers[..colon], context.RequestAborted))
        {
            using var answer = await AskAsync(new UriBuilder("http", address.ToString(), int.Parse(peers.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), path).Uri, context);
            if (answer is { StatusCode: HttpStatusCode.OK })
            {
                await PassAsync(answer, context);
                return true;
            }
        }

        return false;
    }

    public void Dispose() => http.Dispose();

    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(host, cancellation)).Take(MostPeers)];
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }

    private async Task<HttpResponseMessage?> AskAsync(Uri url, HttpContext context)
    {
        using var question = new HttpRequestMessage(new HttpMethod(context.Request.Method), url);
        question.Headers.Add(Asked, "1");
        question.Headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, (IEnumerable<string?>)context.Request.Headers.AcceptEncoding);
        try
        {
            return await http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            // It has left; the next one may have the file.
            return null;
        }
    }

    private static async Task PassAsync(HttpResponseMessage answer, HttpContext context)
    {
        foreach (var name in Passed)
        {
            if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
