using System.Globalization;

namespace Provost.Runbooks.Tools;

/// <summary>How far a process lets others go first, for all of its threads: Linux knows priorities for each thread alone.</summary>
internal static class Niceness
{
    private const int OfProcess = 0;
    private const uint ThisThread = 0;
    private const int Passes = 2;

    /// <summary>Of the thread that asks.</summary>
    public static int Present => Native.GetPriority(OfProcess, ThisThread);

    /// <summary>Of the first thread of a process.</summary>
    public static int Of(int pid) => Native.GetPriority(OfProcess, (uint)pid);

    /// <summary>Whether the kernel lets who has become nicer come back (root, CAP_SYS_NICE or RLIMIT_NICE): it is asked, with a thread that ends.</summary>
    public static bool IsReversible()
    {
        var possible = false;
        var thread = new Thread(() => possible = Native.SetPriority(OfProcess, ThisThread, Present + 1) == 0 && Native.SetPriority(OfProcess, ThisThread, Present - 1) == 0);
        thread.Start();
        thread.Join();
        return possible;
    }

    /// <summary>A process that has ended is none.</summary>
    public static void Set(int pid, int nice)
    {
        // A thread that was begun by one whose turn had not come yet is found by the second look.
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var thread in Threads(pid))
            {
                _ = Native.SetPriority(OfProcess, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), nice);
            }
        }
    }

    private static string[] Threads(int pid)
    {
        try
        {
            return Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
