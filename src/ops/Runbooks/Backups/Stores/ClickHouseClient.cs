using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Where a ClickHouse answers over HTTP, a server's or the embedded one's, and where its BACKUP writes.</summary>
/// <param name="BackupDirectory">backups.allowed_path as this tool sees it; null when it shares no file with that ClickHouse.</param>
public sealed record ClickHouseAddress(Uri Url, string User, string Password, string? BackupDirectory)
{
    public override string ToString() => Url.ToString();
}

/// <summary>SQL over ClickHouse's HTTP interface.</summary>
internal sealed class ClickHouseClient : IDisposable
{
    private const string Whole = "wait_end_of_query=1&max_execution_time=0";

    private readonly HttpClient http;

    public ClickHouseClient(ClickHouseAddress address)
    {
        Address = address;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = address.Url, Timeout = TimeSpan.FromHours(6) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password}")));
    }

    public ClickHouseAddress Address { get; }

    public async Task ExecuteAsync(string sql, CancellationToken cancellation) => await TextAsync(sql, cancellation);

    /// <summary>Rows of tab-separated values.</summary>
    public async Task<IReadOnlyList<string[]>> QueryAsync(string sql, CancellationToken cancellation) =>
        [.. (await TextAsync($"{sql} FORMAT TSVRaw", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    /// <summary>A value that may have line breaks.</summary>
    public Task<string> ValueAsync(string sql, CancellationToken cancellation) => TextAsync($"{sql} FORMAT RawBLOB", cancellation);

    /// <summary>An answer as it comes. ClickHouse has it whole before its first byte is sent: what begins well ends well.</summary>
    public Stream Read(string sql)
    {
        using var body = new StringContent(sql, Encoding.UTF8);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/?{Whole}") { Content = body };
        try
        {
            var response = http.Send(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return response.Content.ReadAsStream();
            }
            using var reader = new StreamReader(response.Content.ReadAsStream());
            throw Refused(sql, reader.ReadToEnd());
        }
        catch (HttpRequestException e)
        {
            throw Silent(e);
        }
    }

    /// <summary>An INSERT with its data.</summary>
    public async Task InsertAsync(string sql, Stream data, CancellationToken cancellation)
    {
        using var body = new StreamContent(data);
        await SendAsync($"/?{Whole}&query={Uri.EscapeDataString(sql)}", body, sql, cancellation);
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            return await TextAsync("SELECT 1", cancellation) == "1\n";
        }
        catch (OperationError)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<string> TextAsync(string sql, CancellationToken cancellation)
    {
        using var body = new StringContent(sql, Encoding.UTF8);
        return await SendAsync($"/?{Whole}", body, sql, cancellation);
    }

    private async Task<string> SendAsync(string path, HttpContent body, string sql, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), body, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? text : throw Refused(sql, text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Silent(e);
        }
    }

    private static OperationError Refused(string sql, string answer) => new(
        ErrorKind.Failed, $"ClickHouse refused {sql.Split('\n')[0]}: {answer.Split('\n')[0]}", "provost logs clickhouse shows more");

    private OperationError Silent(Exception e) => new(
        ErrorKind.NotReady, $"ClickHouse does not answer at {Address.Url}: {e.Message}", "look at it with: provost status", cause: e);
}
