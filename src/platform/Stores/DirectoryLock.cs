using System.Globalization;

namespace Provost.Stores;

/// <summary>One process per data directory: an advisory lock that ends with the process, with the holder's number beside it.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string FileName = "provost.lock";

    /// <summary>Not inside the lock file: even to read that, .NET asks for a shared lock, which the exclusive one refuses.</summary>
    private const string HolderName = "provost.pid";

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
            File.WriteAllText(Path.Combine(directory, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DirectoryLock(file);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new StoreError(
                $"The data directory {directory} is in use by process {Holder(directory)}: stop that process, or give this one its own directory.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreError($"The data directory {directory} cannot be written by this user: {error.Message}", error);
        }
    }

    public void Dispose() => file.Dispose();

    private static string Holder(string directory)
    {
        var file = Path.Combine(directory, HolderName);
        return File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } pid ? pid : "unknown";
    }
}
