using System.Text;

namespace Provost.Runbooks.Tools;

/// <summary>The end of a log file, which may be long and may be written at this moment.</summary>
public static class LogTail
{
    private const int Window = 64 * 1024;

    public static IReadOnlyList<string> Last(string file, int lines)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var start = Math.Max(0, stream.Length - Window);
            stream.Seek(start, SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var all = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. (start > 0 ? all.Skip(1) : all).TakeLast(lines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
