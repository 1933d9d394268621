using System.Globalization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// How a container that runs schedules says that it is alive: it writes until when it will have written again. A healthcheck in
/// another process reads that; one that hangs is late.
/// </summary>
public sealed class Heartbeat(string file, TimeProvider time)
{
    /// <summary>In the container's own /tmp, which ends with it.</summary>
    public static string DefaultFile => Path.Combine(Path.GetTempPath(), "provost-heartbeat");

    /// <summary>The next beat comes within this time.</summary>
    public void Expect(TimeSpan within) =>
        PrivateFiles.Write(file, System.Text.Encoding.ASCII.GetBytes((time.GetUtcNow() + within).ToString("O", CultureInfo.InvariantCulture)));

    /// <summary>What is wrong; null when all is well.</summary>
    public string? Problem()
    {
        if (!File.Exists(file))
        {
            return "it has not begun yet";
        }
        return DateTimeOffset.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) && time.GetUtcNow() <= until ? null
            : $"it was to say until {until:O} that it is alive, and did not";
    }
}
