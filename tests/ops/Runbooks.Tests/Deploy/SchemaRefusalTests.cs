using Provost.Runbooks.Deploy;
using Provost.Runbooks.Releases;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class SchemaRefusalTests
{
    private static readonly ReleaseManifest Release = new("0.3.0+abc", default, "ada@host", new Dictionary<string, string>(), new SchemaRange(1, 6));

    [Fact]
    public void A_schema_that_newer_releases_only_expanded_serves_an_older_release_too() =>
        Assert.Null(SchemaTool.Refusal(Release, new SchemaState(9, [], ["0009-more"])));

    [Fact]
    public void A_contract_migration_that_the_release_knows_is_no_obstacle() =>
        Assert.Null(SchemaTool.Refusal(Release, new SchemaState(6, ["0005-drop-old.contract"], [])));

    [Fact]
    public void A_contract_migration_that_it_does_not_know_is_named()
    {
        var refusal = SchemaTool.Refusal(Release, new SchemaState(9, ["0005-drop-old.contract", "0008-drop-scores.contract"], []));

        Assert.Equal(ErrorKind.Refused, refusal!.Kind);
        Assert.Contains("0008-drop-scores.contract", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0005", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_whose_schema_came_by_its_own_migrations_runs() =>
        Assert.Null(SchemaTool.Behind("0.3.0+abc", new SchemaRange(4, 6), new SchemaState(6, [], [])));

    [Fact]
    public void A_release_that_needs_a_contract_migration_which_has_not_run_is_refused_with_what_has()
    {
        var refusal = SchemaTool.Behind("0.3.0+abc", new SchemaRange(7, 7), new SchemaState(6, [], ["0006-more"]))!;

        Assert.Equal(ErrorKind.Refused, refusal.Kind);
        Assert.Contains("needs the schema 7, and the store has 6", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("migration 0006-more has run", refusal.Details);
    }
}
