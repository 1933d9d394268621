namespace Provost.Runbooks.Drills.Deploy;

/// <summary>When the clients of a drill got their good answers, and how long they had waited for them.</summary>
internal sealed class Answers
{
    // The last one holds everything longer: no client waits for more than half a minute.
    private const int MostMilliseconds = 30_000;

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly long[] waits = new long[MostMilliseconds + 1];
    private string during = "before anything was replaced";
    private long last;
    private bool ended;

    public Answers(TimeProvider time)
    {
        this.time = time;
        last = time.GetTimestamp();
    }

    /// <summary>The longest time in which no client got a good answer, and what was being replaced at its end.</summary>
    public Longest Gap { get; private set; } = Longest.None;

    /// <summary>The longest time that one client waited for a good answer, what for, and what was being replaced at its end.</summary>
    public Longest Wait { get; private set; } = Longest.None;

    /// <summary>The clients begin: until now nobody asked.</summary>
    public void Begin() => last = time.GetTimestamp();

    /// <summary>The clients end, one after the other: silence until now was noticed, and from now on there are ever fewer who ask.</summary>
    public void End()
    {
        lock (gate)
        {
            NoteGap();
            ended = true;
        }
    }

    /// <summary>From now on, this is what is being replaced.</summary>
    public void Replacing(string what)
    {
        lock (gate)
        {
            during = what;
        }
    }

    /// <param name="wait">How long the client had waited.</param>
    /// <param name="what">What for.</param>
    public void Good(TimeSpan wait, string what)
    {
        lock (gate)
        {
            NoteGap();
            Wait = Wait.Or(wait, $"{what}, during {during}");
            waits[(int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, MostMilliseconds)]++;
        }
    }

    /// <summary>The wait, in whole milliseconds, that this share of all answers did not exceed (nearest rank); 0 without answers.</summary>
    public int Quantile(double share)
    {
        lock (gate)
        {
            var rank = Math.Ceiling(share * waits.Sum());
            var (milliseconds, seen) = (0, waits[0]);
            while (seen < rank)
            {
                seen += waits[++milliseconds];
            }
            return milliseconds;
        }
    }

    private void NoteGap()
    {
        if (!ended)
        {
            Gap = Gap.Or(time.GetElapsedTime(last), $"during {during}");
            last = time.GetTimestamp();
        }
    }
}

/// <param name="At">What was going on; null when there was nothing yet.</param>
internal readonly record struct Longest(double Milliseconds, string? At)
{
    public static readonly Longest None = new(0, null);

    public Longest Or(TimeSpan other, string at) => other.TotalMilliseconds > Milliseconds ? new Longest(other.TotalMilliseconds, at) : this;
}
