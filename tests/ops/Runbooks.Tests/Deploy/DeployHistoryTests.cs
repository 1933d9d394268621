using Provost.Runbooks.Deploy;
using Provost.Runbooks.Releases;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class DeployHistoryTests : IDisposable
{
    private readonly TemporaryState temporary = new();

    private DeployHistory History => new(temporary.State, TimeProvider.System);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_rollback_leads_to_what_was_live_before_with_its_configuration()
    {
        Live("0.1.0+a", "one");
        Live("0.2.0+b", "two");

        Assert.Equal(("0.1.0+a", "one"), History.Before(null));
    }

    [Fact]
    public void A_change_of_configuration_alone_can_be_taken_back()
    {
        Live("0.1.0+a", "one");
        Live("0.1.0+a", "two");

        Assert.Equal(("0.1.0+a", "one"), History.Before(null));
    }

    [Fact]
    public void What_failed_or_is_no_longer_installed_is_not_gone_back_to()
    {
        Live("0.1.0+a", "one");
        Live("0.2.0+b", "two");
        Note("0.3.0+c", "three", returned: true);
        Live("0.4.0+d", "four");
        Directory.Delete(ReleaseFolder.Of(temporary.State, "0.2.0+b"), recursive: true);

        Assert.Equal("0.1.0+a", History.Before(null).Release);
    }

    [Fact]
    public void A_named_release_must_have_been_live()
    {
        Live("0.1.0+a", "one");
        Install("0.2.0+b");

        Assert.Equal(ErrorKind.Refused, Assert.Throws<OperationError>(() => History.Before("0.2.0")).Kind);
        Assert.Equal(ErrorKind.Refused, Assert.Throws<OperationError>(() => History.Before("0.9")).Kind);
    }

    [Fact]
    public void Starting_what_is_live_already_is_not_noted_again()
    {
        History.NoteUp("0.1.0+a", "one", 1);
        History.NoteUp("0.1.0+a", "one", 1);
        History.NoteUp("0.1.0+a", "two", 1);

        Assert.Equal(2, History.All.Count);
    }

    [Fact]
    public void What_a_dead_command_left_is_noted_once_by_the_next_one()
    {
        Live("0.1.0+a", "one");
        Install("0.2.0+b");
        var note = new DeployNote("deploy", "0.2.0+b", "0.1.0+a", "two", TimeProvider.System.GetUtcNow(), Committed: false);

        Assert.True(History.NoteSettled(note, isCommitted: true));
        Assert.False(History.NoteSettled(note, isCommitted: true));

        Assert.Equal(("0.1.0+a", "one"), History.Before(null));
        Assert.Equal("done", History.All[^1].Result);
    }

    [Fact]
    public void A_rehearsal_is_noted_only_when_it_was_broken_off_with_its_release_live()
    {
        Live("0.1.0+a", "one");
        History.Note(Request("drill", "0.2.0+b", "two"), Report("0.2.0+b", returned: false));
        Assert.Single(History.All);

        Install("0.2.0+b");
        History.NoteSettled(new DeployNote("drill", "0.2.0+b", "0.1.0+a", "two", TimeProvider.System.GetUtcNow(), Committed: true), isCommitted: true);

        Assert.Equal(("0.1.0+a", "one"), History.Before(null));
    }

    [Fact]
    public void What_is_live_and_what_a_rollback_leads_to_are_kept_however_many_releases_come()
    {
        Live("0.1.0+a", "one");
        Live("0.2.0+b", "two");
        foreach (var version in Enumerable.Range(3, 7))
        {
            Keep(version, keep: 5);
        }

        Assert.Equal(["0.1.0+a", "0.2.0+b", "0.5.0+x", "0.6.0+x", "0.7.0+x", "0.8.0+x", "0.9.0+x"], ReleaseFolder.Installed(temporary.State).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void As_many_releases_stay_as_the_site_says()
    {
        foreach (var version in Enumerable.Range(1, 4))
        {
            Keep(version, keep: 2);
        }

        Assert.Equal(["0.3.0+x", "0.4.0+x"], ReleaseFolder.Installed(temporary.State).Order(StringComparer.Ordinal));
    }

    private void Keep(int version, int keep) => ReleaseFolder.Keep(
        temporary.State,
        new ReleaseManifest($"0.{version}.0+x", new DateTimeOffset(2099, 1, version, 0, 0, 0, TimeSpan.Zero), "ada", new Dictionary<string, string>(), new SchemaRange(1, 1)), live: null, keep);

    private void Live(string release, string configuration)
    {
        Install(release);
        Note(release, configuration, returned: false);
    }

    private void Note(string release, string configuration, bool returned) => History.Note(Request("deploy", release, configuration), Report(release, returned));

    private DeployRequest Request(string verb, string release, string configuration) =>
        new(verb, new Topology.Model.Installation(), "local", configuration, temporary.State, release, "provost");

    private static DeployReport Report(string release, bool returned) => new(release, "", 1, [], 0, 0, 0, 0, returned, returned ? "broken" : null, null, [], [], []);

    private void Install(string release)
    {
        Directory.CreateDirectory(ReleaseFolder.Of(temporary.State, release));
        File.WriteAllText(Path.Combine(ReleaseFolder.Of(temporary.State, release), ".complete"), "");
    }
}
