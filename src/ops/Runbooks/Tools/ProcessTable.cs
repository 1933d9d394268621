using System.Globalization;
using System.Text;

namespace Provost.Runbooks.Tools;

/// <summary>A process, identified beyond reuse of its number: by its start time and the machine's boot.</summary>
public sealed record ProcessIdentity(int Pid, long StartTicks, string Boot);

/// <summary>What /proc says about processes of this machine.</summary>
public static class ProcessTable
{
    private static readonly string Boot = File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    /// <summary>Null when there is no such process, or only its zombie.</summary>
    public static ProcessIdentity? Identify(int pid) => Stat(pid) is { State: not ('Z' or 'X') } stat ? new ProcessIdentity(pid, stat.StartTicks, Boot) : null;

    public static bool IsAlive(ProcessIdentity? identity) => identity is not null && Identify(identity.Pid) == identity;

    public static long ResidentBytes(int pid)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>Session leaders of this user whose environment has this key with a value that starts with the prefix.</summary>
    /// <remarks>A service leads its session; what it forks (a rewrite of Redis, say) has the same environment and does not.</remarks>
    public static IEnumerable<(int Pid, IReadOnlyDictionary<string, string> Environment)> Leaders(string key, string prefix)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var pid) || Stat(pid) is not { State: not ('Z' or 'X') } stat || stat.Session != pid)
            {
                continue;
            }
            var environment = EnvironmentOf(pid);
            if (environment.TryGetValue(key, out var value) && value.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return (pid, environment);
            }
        }
    }

    private static Dictionary<string, string> EnvironmentOf(int pid)
    {
        Dictionary<string, string> environment = [];
        foreach (var entry in Environ(pid))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                environment[entry[..at]] = entry[(at + 1)..];
            }
        }
        return environment;
    }

    private static string[] Environ(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static (char State, int Session, long StartTicks)? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name, in parentheses, may hold spaces and parentheses: the fields are counted from its end.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[3], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
