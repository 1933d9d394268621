using Provost.Gradebooks.Input;
using Provost.Gradebooks.Oulad;

namespace Provost.Gradebooks;

/// <summary>Reads a gradebook export, whatever system wrote it. Raises <see cref="GradebookError"/> and nothing else (but cancellation).</summary>
public static class GradebookReader
{
    /// <summary>Reads one file: a CSV-like export, or a zip with one export or an OULAD folder.</summary>
    /// <param name="stream">The file's bytes; need not be seekable; is left open.</param>
    /// <param name="fileName">As the user knows it; only used to tell formats apart and in messages.</param>
    /// <returns>One gradebook, or one per presentation of an OULAD folder.</returns>
    public static Task<IReadOnlyList<Gradebook>> ReadAsync(
        Stream stream, string fileName, ReadLimits? limits = null, IProgress<ReadProgress>? progress = null, CancellationToken cancellation = default) =>
        Guard(fileName, () => ReadFileAsync(stream, fileName, limits ?? ReadLimits.Default, progress, cancellation));

    /// <summary>Reads an OULAD folder from disk: one gradebook per presentation.</summary>
    public static Task<IReadOnlyList<Gradebook>> ReadFolderAsync(
        string folder, ReadLimits? limits = null, IProgress<ReadProgress>? progress = null, CancellationToken cancellation = default) =>
        Guard(folder, () => OuladFormat.ReadAsync(OuladSource.FromFolder(folder), limits ?? ReadLimits.Default, progress, cancellation));

    private static async Task<IReadOnlyList<Gradebook>> ReadFileAsync(
        Stream stream, string fileName, ReadLimits limits, IProgress<ReadProgress>? progress, CancellationToken cancellation)
    {
        var (head, rest) = await PeekedStream.PeekAsync(stream, 4096, cancellation);
        if (FileSignature.IsZip(head))
            return await ZipFile.ReadAsync(rest, fileName, limits, progress, cancellation);
        FileSignature.RefuseWhatIsNotText(head, fileName);
        var table = await TableReader.ReadAsync(rest, fileName, limits, progress, cancellation);
        return [FormatDetection.Read(table)];
    }

    private static async Task<IReadOnlyList<Gradebook>> Guard(string name, Func<Task<IReadOnlyList<Gradebook>>> read)
    {
        try
        {
            return await read();
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            throw new GradebookError($"A header of \"{Path.GetFileName(name)}\" could not be read in reasonable time", "Shorten the names of the columns and import the file again.");
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new GradebookError($"\"{Path.GetFileName(name)}\" could not be read to its end: {problem.Message}",
                "Check that the file is whole and readable, then import it again.");
        }
    }
}
