using System.Net;
using System.Text.Json;
using Provost.Contracts;
using Provost.Web.Courses;
using Provost.Web.Transport;

namespace Provost.Web.Imports;

/// <summary>The file's bytes are read once: what was previewed is what is imported, whatever happens to the file meanwhile.</summary>
internal sealed class ImportsClient(ApiConnection api)
{
    public Task<IReadOnlyList<ImportSummary>> ListAsync(string course, CancellationToken cancel = default) =>
        api.GetAsync($"{CoursesClient.Path(course)}/imports", WireJson.Default.IReadOnlyListImportSummary, cancel);

    public Task<ImportPreview> PreviewAsync(string course, ChosenFile file, CancellationToken cancel = default) => api.SendAsync(
        HttpMethod.Post, $"{CoursesClient.Path(course)}/imports/preview?file={Uri.EscapeDataString(file.Name)}", Body(file),
        WireJson.Default.ImportPreview, cancel);

    /// <exception cref="ApiProblem">The import was refused, or ended without a report.</exception>
    public async Task<ImportReport> ImportAsync(
        string course, ChosenFile file, bool removeAbsent, Func<ImportProgress, Task> progressed, CancellationToken cancel = default)
    {
        var path = $"{CoursesClient.Path(course)}/imports?file={Uri.EscapeDataString(file.Name)}{(removeAbsent ? "&removeAbsent=true" : "")}";
        await foreach (var line in api.StreamAsync(HttpMethod.Post, path, Body(file), WireJson.Default.ImportLine, cancel))
        {
            if (line.Progress is { } progress) await progressed(progress);
            if (line.Problem is { } json && json.Deserialize(WireJson.Default.ProblemBody) is { } problem)
                throw ApiProblem.From((HttpStatusCode)(problem.Status ?? 422), problem);
            if (line.Report?.Deserialize(WireJson.Default.ImportReport) is { } report) return report;
        }

        throw new ApiProblem(null, "The import ended without a report",
            "Import the same file again: what was already saved stays the same, nothing is counted twice.");
    }

    private static ByteArrayContent Body(ChosenFile file)
    {
        var body = new ByteArrayContent(file.Bytes);
        body.Headers.ContentType = new("application/octet-stream");
        return body;
    }
}

internal sealed record ChosenFile(string Name, byte[] Bytes);
