using Microsoft.Extensions.Time.Testing;
using Provost.Agent.Schedules;
using Provost.Rendering.Process;

namespace Provost.Agent.Tests.Schedules;

public sealed class BackupScheduleTests
{
    private static readonly ScheduleSpec Spec = new("state", "folder", null, "local", true, "02:30", TimeSpan.FromDays(30).TotalSeconds, TimeSpan.FromDays(30).TotalSeconds);
    private static readonly DateTimeOffset Night = At("2026-03-02 02:30");

    [Theory]
    [InlineData(null, "2026-03-01 12:00", "2026-03-01 12:20", false, "a new installation waits for its first night")]
    [InlineData(null, "2026-03-01 12:00", "2026-03-02 02:29", false, "the night has not begun")]
    [InlineData(null, "2026-03-01 12:00", "2026-03-02 02:30", true, "the first night")]
    [InlineData("2026-03-01 02:30", "2026-02-01 12:00", "2026-03-02 02:31", true, "the next night")]
    [InlineData("2026-03-02 02:40", "2026-02-01 12:00", "2026-03-02 12:00", false, "this night has its backup")]
    [InlineData("2026-03-01 02:31", "2026-03-02 09:00", "2026-03-02 09:10", false, "missed, but the machine has just started")]
    [InlineData("2026-03-01 02:31", "2026-03-02 09:00", "2026-03-02 09:16", true, "missed, and everything is calm")]
    [InlineData("2026-02-20 02:31", "2026-03-02 01:00", "2026-03-02 01:16", true, "missed for days: the night that is over is made up for")]
    public void A_night_is_due_once_and_a_missed_one_is_made_up_for(string? last, string started, string now, bool due, string why) =>
        Assert.True(due == BackupSchedule.IsDue(Spec, last is null ? null : At(last), NightWork.None, At(started), At(now)), why);

    [Theory]
    [InlineData(0, 300, false, "it is done")]
    [InlineData(1, 59, false, "an hour is not over")]
    [InlineData(1, 60, true, "an hour is over")]
    [InlineData(BackupSchedule.MostTries - 1, 60, true, "the last try")]
    [InlineData(BackupSchedule.MostTries, 600, false, "it was tried often enough")]
    public void A_failed_night_is_tried_again_each_hour_and_not_for_ever(int failures, int minutes, bool due, string why)
    {
        var work = new NightWork(Night, false, false, failures, Night.AddMinutes(5));

        Assert.True(due == BackupSchedule.IsDue(Spec, At("2026-03-01 02:31"), work, At("2026-02-01 12:00"), work.TriedAt.AddMinutes(minutes)), why);
        Assert.True(BackupSchedule.IsDue(Spec, At("2026-03-01 02:31"), work, At("2026-02-01 12:00"), Night.AddDays(1)), "the next night is another one");
    }

    [Fact]
    public async Task A_night_makes_verifies_and_prunes_and_rehearses_when_it_is_time()
    {
        using var night = new NightOfVerbs(Spec, new ScheduleNotes(Night.AddDays(-1), Night.AddDays(-29), Night.AddDays(-31)));

        await night.UntilAsync(Night.AddMinutes(3));
        Assert.Equal(["backup create", "backup verify --restore", "backup prune --yes", "drill failover"], night.Verbs);

        await night.UntilAsync(Night.AddHours(23));
        Assert.Equal(4, night.Verbs.Count);
    }

    [Fact]
    public async Task What_failed_is_tried_again_and_what_was_done_is_not_done_twice()
    {
        using var night = new NightOfVerbs(Spec with { FailoverSeconds = null }, new ScheduleNotes(Night.AddDays(-1), Night.AddDays(-1), null));
        night.Fail("backup create", times: 2);
        night.Fail("backup prune --yes", times: 1);

        await night.UntilAsync(Night.AddHours(5));

        // The backup that one destination did not get is verified at the others, once.
        Assert.Equal(
            ["backup create", "backup verify --restore", "backup create", "backup create", "backup verify --restore", "backup prune --yes", "backup prune --yes"], night.Verbs);
        Assert.Equal(["02", "03", "04", "05"], night.Hours.Distinct());
    }

    [Fact]
    public async Task A_night_in_which_nothing_works_ends_after_its_tries_and_the_next_one_begins_anew()
    {
        using var night = new NightOfVerbs(Spec, new ScheduleNotes(Night.AddDays(-1), null, null));
        night.Fail("backup create", times: int.MaxValue);

        await night.UntilAsync(Night.AddHours(23));
        Assert.Equal(BackupSchedule.MostTries, night.Verbs.Count(v => v == "backup create"));
        Assert.DoesNotContain("backup prune --yes", night.Verbs);

        await night.UntilAsync(Night.AddDays(1).AddMinutes(3));
        Assert.Equal(BackupSchedule.MostTries + 1, night.Verbs.Count(v => v == "backup create"));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A schedule whose clock and verbs are the test's.</summary>
    private sealed class NightOfVerbs : IDisposable
    {
        private readonly FakeTimeProvider time = new(Night.AddMinutes(-30));
        private readonly Dictionary<string, int> failures = [];
        private readonly CancellationTokenSource ending = new();
        private readonly SemaphoreSlim looked = new(0);

        public NightOfVerbs(ScheduleSpec spec, ScheduleNotes notes)
        {
            var schedule = new BackupSchedule(
                () =>
                {
                    looked.Release();
                    return spec;
                },
                _ => notes, (_, verb, _) => Task.FromResult(Run(string.Join(' ', verb))), (_, _) => { }, time);
            _ = schedule.RunAsync(ending.Token);
        }

        public List<string> Verbs { get; } = [];

        public List<string> Hours { get; } = [];

        public void Fail(string verb, int times) => failures[verb] = times;

        /// <summary>A minute after the other, each of which the schedule has looked at.</summary>
        public async Task UntilAsync(DateTimeOffset end)
        {
            while (time.GetUtcNow() < end)
            {
                await LookAsync();
            }
            // Whoever looks again is done with what was due.
            while (!await LookAsync())
            {
            }
        }

        public void Dispose()
        {
            ending.Cancel();
            ending.Dispose();
            looked.Dispose();
        }

        // Its timer may not have been set yet when the clock moved: then the next minute it is.
        private async Task<bool> LookAsync()
        {
            time.Advance(BackupSchedule.Look);
            return await looked.WaitAsync(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        private bool Run(string verb)
        {
            Verbs.Add(verb);
            Hours.Add(time.GetUtcNow().ToString("HH", System.Globalization.CultureInfo.InvariantCulture));
            var left = failures.GetValueOrDefault(verb);
            failures[verb] = left - 1;
            return left <= 0;
        }
    }
}
