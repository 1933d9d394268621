using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Provost.Api.Live;
using Provost.Api.Telemetry;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Imports;

/// <param name="Started">When its first byte was asked for: what the import's duration counts from.</param>
internal sealed record Upload(IReadOnlyList<Gradebook> Gradebooks, long Started);

/// <summary>
/// The body of an import: streamed into the reader, with progress to the one who imports. Asked for application/x-ndjson,
/// the answer is progress lines and then the result; otherwise the result alone.
/// </summary>
internal sealed class Uploads(IHubContext<LiveHub> hub, ApiMeters meters, ILogger<Uploads> logger)
{
    private const string Lines = "application/x-ndjson";
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <param name="course">Stands in progress messages.</param>
    /// <param name="user">Gets the progress on the live connection too; null for operators' tools.</param>
    public async Task<Upload> ReadAsync(
        HttpRequest request, string file, string course, Action<ImportProgress>? report, string? user)
    {
        var (started, total) = (Stopwatch.GetTimestamp(), request.ContentLength ?? 0);
        var progress = new Throttled(read => Send(new ImportProgress(course, "reading", read.BytesRead, total, read.Rows), report, user));
        try
        {
            return new Upload(await GradebookReader.ReadAsync(request.Body, file, ReadLimits.Default, progress, request.HttpContext.RequestAborted), started);
        }
        catch (Exception error) when (error is GradebookError or BadHttpRequestException)
        {
            meters.Imported("refused", 0, Stopwatch.GetElapsedTime(started));
            throw;
        }
    }

    public void Saving(ImportProgress progress, Action<ImportProgress>? report, string? user) => Send(progress, report, user);

    /// <summary>A result as it stands in the answer.</summary>
    public static JsonNode Result<T>(T value, JsonTypeInfo<T> json) => JsonSerializer.SerializeToNode(value, json)!;

    /// <summary>Runs the work and answers as the client asked.</summary>
    public async Task AnswerAsync(HttpContext context, Func<Action<ImportProgress>?, Task<JsonNode>> work)
    {
        if (!context.Request.Headers.Accept.ToString().Contains(Lines, StringComparison.OrdinalIgnoreCase))
        {
            var result = await work(null);
            await context.Response.WriteAsJsonAsync(result, ApiJson.Default.JsonNode, cancellationToken: context.RequestAborted);
            return;
        }

        context.Response.ContentType = Lines;
        var lines = Channel.CreateUnbounded<ImportLine>(new UnboundedChannelOptions { SingleReader = true });
        var working = RunAsync(lines.Writer, work);
        await foreach (var line in lines.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Default.ImportLine), context.RequestAborted);
            await context.Response.Body.WriteAsync(NewLine, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await working;
    }

    private async Task RunAsync(ChannelWriter<ImportLine> lines, Func<Action<ImportProgress>?, Task<JsonNode>> work)
    {
        try
        {
            lines.TryWrite(new ImportLine(Report: await work(progress => lines.TryWrite(new ImportLine(Progress: progress)))));
        }
#pragma warning disable CA1031 // The answer has begun with 200: whatever went wrong is its last line.
        catch (Exception error)
#pragma warning restore CA1031
        {
            lines.TryWrite(new ImportLine(Problem: Describe(error)));
        }
        finally
        {
            lines.Complete();
        }
    }

    private JsonObject Describe(Exception error)
    {
        var problem = Problems.Describe(error);
        if (problem is null)
            LogFailed(error);
        var json = new JsonObject
        {
            ["title"] = problem?.Title ?? "The import failed",
            ["detail"] = problem?.Detail ?? "Nothing was changed. Try again; if it stays, tell the operator the time at which it happened",
            ["status"] = problem?.Status ?? StatusCodes.Status500InternalServerError,
        };
        foreach (var (name, value) in problem?.Extensions ?? new Dictionary<string, object?>())
            json[name] = value is long number ? JsonValue.Create(number) : JsonValue.Create(value?.ToString());
        return json;
    }

    private void Send(ImportProgress progress, Action<ImportProgress>? report, string? user)
    {
        report?.Invoke(progress);
        if (user is not null)
            _ = hub.Clients.User(user).SendAsync(LiveNames.Importing, progress);
    }

    private readonly Action<ILogger, Exception?> failed =
        LoggerMessage.Define(LogLevel.Error, new EventId(1, "ImportFailed"), "An import failed for a reason that nobody expected");

    private void LogFailed(Exception error) => failed(logger, error);

    /// <summary>At most a few messages a second, whatever the reader reports.</summary>
    private sealed class Throttled(Action<ReadProgress> report) : IProgress<ReadProgress>
    {
        private const long Milliseconds = 200;
        private long next;

        public void Report(ReadProgress value)
        {
            var now = Environment.TickCount64;
            if (now < next)
                return;
            next = now + Milliseconds;
            report(value);
        }
    }
}
