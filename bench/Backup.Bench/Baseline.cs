using System.Diagnostics;
using Provost.Runbooks.Tools;

namespace Provost.Backup.Bench;

/// <summary>The least that a copy that was checked can cost: cp, then sha256sum of every file, and all of it on the disk, as after a restore.</summary>
internal sealed record Baseline(long Bytes, double Seconds)
{
    public double SecondsPerByte => Seconds / Bytes;

    public static async Task<Baseline> MeasureAsync(string from, string to)
    {
        var start = Stopwatch.GetTimestamp();
        await RunAsync("cp", "-r", from, to);
        await RunAsync("sh", "-c", $"find '{to}' -type f -print0 | xargs -0 sha256sum > /dev/null && sync -f '{to}'");
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var bytes = new DirectoryInfo(to).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        Directory.Delete(to, recursive: true);
        return new Baseline(bytes, seconds);
    }

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        var (exitCode, lines) = await Shell.RunAsync(new Command(program, arguments), null, default);
        if (exitCode != 0)
            throw new InvalidOperationException($"{program}: {string.Join('\n', lines)}");
    }
}
