using System.Net;
using System.Text;
using System.Text.Json;

namespace Provost.Runbooks.Drills.Deploy;

/// <summary>
/// Clients that send a file slowly and read an answer that the server streams back line by line: whatever is replaced, some of
/// these are in flight through it, and each must come to its end. A preview: it changes nothing. Their waits count as those of the
/// others do: for the connection, for each part to be taken, for the first line after the file was sent, for each further line.
/// </summary>
internal sealed class StreamLoad(DrillClient client, Tally tally, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public Task RunAsync(int clients, CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => StreamAsync(cancellation)));

    private async Task StreamAsync(CancellationToken cancellation)
    {
        using var http = client.Http();
        while (!cancellation.IsCancellationRequested)
        {
            tally.CountSent();
            try
            {
                await OneAsync(http);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                tally.CountLost($"POST preview, streamed: {e.Message}");
            }
        }
    }

    private async Task OneAsync(HttpClient http)
    {
        var waits = new StreamWaits(time);
        using var limit = new CancellationTokenSource(Limit, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/courses/{client.Course}/imports/preview?file=drill.csv") { Content = new SlowGradebook(waits) };
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        request.Headers.Add("X-Provost-Antiforgery", client.AntiforgeryToken);
        waits.Begin();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var answer = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var (lines, last) = (0, "");
        while (await answer.ReadLineAsync(limit.Token) is { } line)
        {
            waits.Next();
            (lines, last) = line.Length > 0 ? (lines + 1, line) : (lines, last);
        }
        if (response.IsSuccessStatusCode && last.Length > 0 && HasReport(last))
        {
            tally.CountStream();
            tally.Answers.Good(waits.Longest, "a part of a stream");
        }
        else
        {
            tally.CountFailed($"POST preview, streamed: {(int)response.StatusCode}, {lines} lines, the last of them {last}");
        }
    }

    private static bool HasReport(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("report", out _);
    }

    /// <summary>A gradebook that takes more than a second to send, as over a bad line.</summary>
    private sealed class SlowGradebook(StreamWaits waits) : HttpContent
    {
        private const int Students = 25;
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            waits.End();
            await WriteAsync(stream, "Student,ID,SIS User ID,SIS Login ID,Section,First (1)\nPoints Possible,,,,,10\n");
            for (var student = 1; student <= Students; student++)
            {
                await Task.Delay(Pause);
                await WriteAsync(stream, $"\"Drill, {student}\",{student},d{student},d{student},A,{student % 11}\n");
            }
            waits.Sent();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private async Task WriteAsync(Stream stream, string text)
        {
            waits.Begin();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
            waits.End();
        }
    }
}
