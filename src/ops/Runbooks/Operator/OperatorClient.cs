using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Operator;

/// <summary>The platform's operator API, through the public door, with the operator's token.</summary>
public sealed class OperatorClient : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);
    private readonly HttpClient http;

    private readonly IDisposable? owned;

    private OperatorClient(HttpClient http, IDisposable? owned) => (this.http, this.owned) = (http, owned);

    public static OperatorClient For(StateDirectory state) => For(OperatorDoor.Of(state) ?? throw NotRunning());

    public static OperatorClient For(OperatorDoor door)
    {
        var client = new HttpClient(door.Handler()) { BaseAddress = door.Url, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", door.Token);
        return new OperatorClient(client, door.Owned);
    }

    /// <param name="replicas">Of the api, reached directly; each connection goes to the first that takes it.</param>
    public static OperatorClient For(IReadOnlyList<Uri> replicas, string token) =>
        For(new OperatorDoor(replicas[0], null, token, null) { Connect = cancellation => FirstOf.ConnectAsync(replicas, cancellation) });

    public async Task<IReadOnlyList<Account>> AccountsAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "/api/operator/accounts"), cancellation);
        return await response.Content.ReadFromJsonAsync(OperatorJson.Default.AccountArray, cancellation) ?? [];
    }

    public async Task<SignIn> AddAccountAsync(AccountRequest account, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "/api/operator/accounts") { Content = JsonContent.Create(account, OperatorJson.Default.AccountRequest) }, cancellation);
        return await SignInAsync(response, cancellation);
    }

    public async Task RemoveAccountAsync(string user, CancellationToken cancellation) =>
        (await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, $"/api/operator/accounts/{Uri.EscapeDataString(user)}"), cancellation)).Dispose();

    public async Task<SignIn> LinkAsync(string user, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/operator/accounts/{Uri.EscapeDataString(user)}/link"), cancellation);
        return await SignInAsync(response, cancellation);
    }

    public async Task<DemonstrationCourse> LoadDemonstrationAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "/api/operator/demonstration"), cancellation);
        return await response.Content.ReadFromJsonAsync(OperatorJson.Default.DemonstrationCourse, cancellation) ?? throw new JsonException("an empty answer");
    }

    /// <summary>Holds back the commits of every replica until it is lowered or the time is over.</summary>
    public async Task<FenceAnswer> RaiseFenceAsync(TimeSpan most, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/operator/fence?milliseconds={most.TotalMilliseconds:0}"), cancellation);
        return await response.Content.ReadFromJsonAsync(OperatorJson.Default.FenceAnswer, cancellation) ?? throw new JsonException("an empty answer");
    }

    public async Task<FenceEndAnswer> LowerFenceAsync(FenceAnswer fence, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Delete, $"/api/operator/fence/{fence.Token}?milliseconds={fence.Milliseconds:0}"), cancellation);
        return await response.Content.ReadFromJsonAsync(OperatorJson.Default.FenceEndAnswer, cancellation) ?? throw new JsonException("an empty answer");
    }

    /// <summary>The platform's erasure ledger, line by line.</summary>
    public async Task<IReadOnlyList<string>> ErasuresAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "/api/operator/erasures"), cancellation);
        return (await response.Content.ReadAsStringAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>How risk and forecast did on finished courses, as the page of a course shows it; JSON.</summary>
    public async Task<string> BacktestAsync(string course, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/api/operator/backtest?course={Uri.EscapeDataString(course)}"), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Sends a gradebook and gives its report. Sent again when a replica went away: imports are idempotent.</summary>
    public async Task<JsonElement> ImportAsync(ImportSource source, string course, Action<ImportState> progress, CancellationToken cancellation)
    {
        var path = $"/api/operator/imports?course={Uri.EscapeDataString(course)}&file={Uri.EscapeDataString(source.Name)}";
        return await Retry.OnLostReplicaAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = source.Content() };
            request.Headers.Accept.ParseAdd("application/x-ndjson");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await RequireSuccessAsync(response, cancellation);
            return await ReadImportAsync(response, progress, cancellation);
        }, cancellation);
    }

    public void Dispose()
    {
        http.Dispose();
        owned?.Dispose();
    }

    private static async Task<JsonElement> ReadImportAsync(HttpResponseMessage response, Action<ImportState> progress, CancellationToken cancellation)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } text)
        {
            if (text.Length == 0)
            {
                continue;
            }
            var line = JsonSerializer.Deserialize(text, OperatorJson.Default.ImportLine);
            if (line?.Progress is { } state)
            {
                progress(state);
            }
            if (line?.Problem is { } problem)
            {
                throw Refused(problem, HttpStatusCode.UnprocessableEntity);
            }
            if ((line?.Report ?? line?.Reports) is { } report)
            {
                return report;
            }
        }
        throw new IOException("the answer ended before the report");
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellation) =>
        await Retry.OnLostReplicaAsync(async () =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(AnswerLimit);
            using var message = request();
            var response = await http.SendAsync(message, limit.Token);
            try
            {
                await RequireSuccessAsync(response, limit.Token);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }, cancellation);

    private static async Task<SignIn> SignInAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        await response.Content.ReadFromJsonAsync(OperatorJson.Default.SignIn, cancellation) ?? throw new JsonException("an empty answer");

    private static async Task RequireSuccessAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }
        if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            throw new HttpRequestException($"the gateway answered {(int)response.StatusCode}", null, response.StatusCode);
        }
        ProblemAnswer? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync(OperatorJson.Default.ProblemAnswer, cancellation);
        }
        catch (JsonException)
        {
            // Not the platform's own words; the status has to do.
        }
        throw Refused(problem ?? new ProblemAnswer(null, null, null, null, null), response.StatusCode);
    }

    private static OperationError Refused(ProblemAnswer problem, HttpStatusCode status)
    {
        string[] place = [.. problem.Line is { } line ? [$"line {line}"] : Array.Empty<string>(), .. problem.Column is { } column ? [$"column \"{column}\""] : Array.Empty<string>()];
        var where = place.Length > 0 ? $" ({string.Join(", ", place)})" : "";
        return new OperationError(
            ErrorKind.Refused, $"{problem.Title ?? $"the platform answered {(int)status}"}{where}", problem.Detail ?? "provost logs api shows more");
    }

    internal static OperationError NotRunning() => new(ErrorKind.NotRunning, "the installation does not run", "start it with: provost up -d");
}
