using Provost.Rendering.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Logs;

/// <summary>
/// Sets a long log file aside by renaming it. Its writer goes on in the renamed file until the signal makes it open the new
/// one, so that no line is lost; the oldest file goes.
/// </summary>
internal static class LogRotation
{
    public static bool IsDue(string file, LogSpec limits) => new FileInfo(file) is { Exists: true } info && info.Length > limits.MaxBytes;

    /// <param name="writers">Processes that reopen the file when they are sent SIGHUP.</param>
    public static void Rotate(string file, LogSpec limits, IEnumerable<int> writers)
    {
        for (var number = limits.Keep; number >= 1; number--)
        {
            var from = number == 1 ? file : $"{file}.{number - 1}";
            if (File.Exists(from))
            {
                File.Move(from, $"{file}.{number}", overwrite: true);
            }
        }
        // Made here, so that a reader that follows the log finds it at once.
        using (File.Open(file, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = PrivateFiles.FileMode }))
        {
        }
        foreach (var pid in writers)
        {
            _ = Native.SendSignal(pid, Native.HangUp);
        }
    }
}
