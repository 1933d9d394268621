using System.Globalization;

namespace Provost.Runbooks.Tools;

/// <summary>
/// Lets everybody else on the machine go first: what the platform's users wait for matters more than what can take its time. Where
/// they wait for this process, it takes its turn again, if the kernel lets it (root, CAP_SYS_NICE or RLIMIT_NICE); where it would
/// not, this process keeps its turn until it is <see cref="Done"/> with what others wait for. Linux may weigh whole sessions against
/// each other (sched_autogroup_enabled): a process that nobody watches at a terminal gets one of its own.
/// </summary>
/// <param name="wanted">False for a process that never lets others go first.</param>
/// <param name="leaves">Whether it may leave the session of whoever started it.</param>
internal sealed class Courtesy(bool wanted, bool leaves = true)
{
    private const int Nice = 19;
    private const string Terminal = "/dev/tty";
    private const string Session = "/proc/self/autogroup";

    private readonly int own = Niceness.Present;
    private bool returns;
    private bool alone;

    /// <summary>From now on, where there is a way back.</summary>
    public void Begin()
    {
        alone = wanted && leaves && !HasTerminal() && (Native.LeaveSession() != -1 || Native.GetSession(0) == Environment.ProcessId);
        returns = wanted && Niceness.IsReversible();
        if (returns)
        {
            Set(Nice);
        }
    }

    /// <summary>Others wait for this process.</summary>
    public void TakeTurn()
    {
        if (returns)
        {
            Set(own);
        }
    }

    /// <summary>Others wait no longer, but may again.</summary>
    public void GiveTurn()
    {
        if (returns)
        {
            Set(Nice);
        }
    }

    /// <summary>Nobody will wait for this process again: for it and for what it starts.</summary>
    public void Done()
    {
        if (wanted)
        {
            Set(Nice);
        }
    }

    private static bool HasTerminal()
    {
        try
        {
            File.OpenHandle(Terminal).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Set(int nice)
    {
        var least = Math.Max(nice, own);
        if (alone)
        {
            SetSession(least);
        }
        Niceness.Set(Environment.ProcessId, least);
    }

    private static void SetSession(int nice)
    {
        try
        {
            File.WriteAllText(Session, nice.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel that weighs no sessions, or not that often.
        }
    }
}
