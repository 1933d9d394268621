using Provost.Api.Facts;

namespace Provost.Api.Tests.Facts;

/// <summary>What a release would still have to run, as `migrate --look` says it: a deployment that finds nothing starts no migration.</summary>
public sealed class SchemaMissingTests
{
    private static readonly (int Number, string Name)[] All = [.. Schema.Migrations.Select(migration => (migration.Number, migration.Name))];

    [Fact]
    public void An_empty_store_lacks_everything_that_expands() =>
        Assert.Equal(Schema.Migrations.Where(migration => !migration.Contracts), Schema.Missing([]));

    [Fact]
    public void A_store_that_has_all_lacks_nothing_and_one_that_is_newer_neither() =>
        Assert.Empty(Schema.Missing([.. All, (Schema.Maximum + 1, "9999-of-a-newer-release")], contract: true));

    [Fact]
    public void What_did_not_run_in_the_middle_is_missing() =>
        Assert.Equal(All[0].Number, Assert.Single(Schema.Missing(All[1..])).Number);
}
