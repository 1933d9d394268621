using System.Net;
using System.Text;
using System.Text.Json;

namespace Provost.Runbooks.Drills.Deploy;

/// <summary>
/// Clients that send a file slowly and read an answer that the server streams back line by line: whatever is replaced, some of
/// these are in flight through it, and each must come to its end. A preview: it changes nothing.
/// </summary>
internal sealed class StreamLoad(DrillClient client, Tally tally)
{
    public Task RunAsync(int clients, CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => StreamAsync(cancellation)));

    private async Task StreamAsync(CancellationToken cancellation)
    {
        using var http = client.Http();
        while (!cancellation.IsCancellationRequested)
        {
            tally.CountSent();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/courses/{client.Course}/imports/preview?file=drill.csv") { Content = new SlowGradebook() };
                request.Headers.Accept.ParseAdd("application/x-ndjson");
                request.Headers.Add("X-Provost-Antiforgery", client.AntiforgeryToken);
                using var response = await http.SendAsync(request, CancellationToken.None);
                var lines = (await response.Content.ReadAsStringAsync(CancellationToken.None)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                if (response.IsSuccessStatusCode && lines.Length > 0 && HasReport(lines[^1]))
                {
                    tally.CountStream();
                }
                else
                {
                    tally.CountFailed($"POST preview, streamed: {(int)response.StatusCode}, {lines.Length} lines, the last of them {lines.LastOrDefault("")}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                tally.CountLost($"POST preview, streamed: {e.Message}");
            }
        }
    }

    private static bool HasReport(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("report", out _);
    }

    /// <summary>A gradebook that takes more than a second to send, as over a bad line.</summary>
    private sealed class SlowGradebook : HttpContent
    {
        private const int Students = 25;
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await WriteAsync(stream, "Student,ID,SIS User ID,SIS Login ID,Section,First (1)\nPoints Possible,,,,,10\n");
            for (var student = 1; student <= Students; student++)
            {
                await Task.Delay(Pause);
                await WriteAsync(stream, $"\"Drill, {student}\",{student},d{student},d{student},A,{student % 11}\n");
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private static async Task WriteAsync(Stream stream, string text)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
        }
    }
}
