using System.Net.Http.Headers;
using System.Text;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Where a ClickHouse answers over HTTP, a server's or the embedded one's, and where its BACKUP writes.</summary>
/// <param name="BackupDirectory">backups.allowed_path as this tool sees it.</param>
public sealed record ClickHouseAddress(Uri Url, string User, string Password, string BackupDirectory)
{
    public override string ToString() => Url.ToString();
}

/// <summary>SQL over ClickHouse's HTTP interface.</summary>
internal sealed class ClickHouseClient : IDisposable
{
    private readonly HttpClient http;

    public ClickHouseClient(ClickHouseAddress address)
    {
        Address = address;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = address.Url, Timeout = TimeSpan.FromHours(6) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password}")));
    }

    public ClickHouseAddress Address { get; }

    public async Task ExecuteAsync(string sql, CancellationToken cancellation) => await SendAsync(sql, cancellation);

    /// <summary>Rows of tab-separated values.</summary>
    public async Task<IReadOnlyList<string[]>> QueryAsync(string sql, CancellationToken cancellation) =>
        [.. (await SendAsync($"{sql} FORMAT TSVRaw", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            return await SendAsync("SELECT 1", cancellation) == "1\n";
        }
        catch (OperationError)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<string> SendAsync(string sql, CancellationToken cancellation)
    {
        try
        {
            using var body = new StringContent(sql, Encoding.UTF8);
            using var response = await http.PostAsync(new Uri("/?wait_end_of_query=1&max_execution_time=0", UriKind.Relative), body, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? text : throw new OperationError(
                ErrorKind.Failed, $"ClickHouse refused {sql.Split('\n')[0]}: {text.Split('\n')[0]}", "provost logs clickhouse shows more");
        }
        catch (HttpRequestException e)
        {
            throw new OperationError(ErrorKind.NotReady, $"ClickHouse does not answer at {Address.Url}: {e.Message}", "look at it with: provost status", cause: e);
        }
    }
}
