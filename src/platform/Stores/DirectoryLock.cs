using System.Globalization;

namespace Provost.Stores;

/// <summary>One process per data directory: an advisory lock that ends with the process, with the holder's number inside.</summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "provost.lock";

    private readonly FileStream file;

    private DirectoryLock(FileStream file) => this.file = file;

    /// <exception cref="StoreError">Another process has the directory.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            // FileShare.None is flock(LOCK_EX): the kernel lets go of it when the process ends, however it ends.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
            return new DirectoryLock(file);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new StoreError(
                $"The data directory {directory} is in use by process {Holder(path)}: stop that process, or give this one its own directory.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreError($"The data directory {directory} cannot be written by this user: {error.Message}", error);
        }
    }

    public void Dispose() => file.Dispose();

    private static string Holder(string path)
    {
        // Not File.ReadAllText: that asks for a shared lock, which the holder's exclusive one refuses.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadLine() is { Length: > 0 } pid ? pid : "unknown";
    }
}
