using System.Diagnostics;
using Provost.Harness;
using Provost.Platform.Bench;
using Provost.Runbooks.Tools;

namespace Provost.Backup.Bench;

/// <summary>The best known tool over the same files, where it is installed.</summary>
internal static class Restic
{
    public static async Task CompareAsync(Installation installation, FigureTable table)
    {
        if (Shell.Find("restic") is null)
        {
            Console.WriteLine("restic is not installed: not compared");
            return;
        }
        var folder = Directory.CreateTempSubdirectory("provost-restic-").FullName;
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, "bench");
        string[] where = ["--repo", Path.Combine(folder, "repository"), "--password-file", password, "--quiet"];
        await Baseline.RunAsync("restic", ["init", .. where]);
        var start = Stopwatch.GetTimestamp();
        await Baseline.RunAsync("restic", ["backup", .. where, Path.Combine(installation.StateDirectory, "data", "clickhouse", "store")]);
        var theirs = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Directory.Delete(Path.Combine(installation.Directory, ".provost-backups"), recursive: true);
        File.Delete(Path.Combine(installation.StateDirectory, "backup", "notes.json"));
        var ours = (await installation.JsonAsync("backup", "create")).GetProperty("seconds").GetDouble();
        table.Show("first backup, cut and digests included", ours, "s", ("restic, the files alone", theirs));
        Directory.Delete(folder, recursive: true);
    }
}
