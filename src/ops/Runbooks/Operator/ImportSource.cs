using System.IO.Compression;
using System.Net;

namespace Provost.Runbooks.Operator;

/// <summary>What is imported: a file as it is, or a folder as a zip that is made while it is sent.</summary>
public sealed class ImportSource
{
    private readonly string path;
    private readonly bool isFolder;

    private ImportSource(string path, bool isFolder)
    {
        this.path = path;
        this.isFolder = isFolder;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) + (isFolder ? ".zip" : "");
    }

    public string Name { get; }

    public static ImportSource From(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return Directory.EnumerateFiles(full, "*.csv").Any()
                ? new ImportSource(full, isFolder: true)
                : throw new OperationError(ErrorKind.Refused, $"{path} is a folder without CSV files", "name a gradebook file, or the folder of an OULAD export");
        }
        return File.Exists(full) ? new ImportSource(full, isFolder: false)
            : throw new OperationError(ErrorKind.Refused, $"there is no file {path}", "check the path; a gradebook is a CSV file or a ZIP of one");
    }

    internal HttpContent Content() => isFolder ? new ZippedFolder(path) : new StreamContent(Open(path));

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OperationError(ErrorKind.Refused, $"{file} may not be read by this user", "give yourself permission: chmod u+r", cause: e);
        }
    }

    private sealed class ZippedFolder(string folder) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null);
            foreach (var file in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
            {
                await using var entry = await zip.CreateEntry(Path.GetFileName(file), CompressionLevel.Fastest).OpenAsync();
                await using var source = Open(file);
                await source.CopyToAsync(entry);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
