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
}
