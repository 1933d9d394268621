using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Provost.Rendering.Compose;
using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets;

/// <summary>Which volumes a site runs on, and which a restore set aside.</summary>
public sealed class StoredVolumesTests
{
    private static readonly IReadOnlyList<string> Stored = ComposeNames.StoredVolumes(new Site());

    [Fact]
    public void Data_and_secrets_belong_together() =>
        Assert.Equal(["clickhouse-data", "redis-data", "secrets-api", "secrets-clickhouse", "secrets-operator", "secrets-redis"], Stored.Order(StringComparer.Ordinal));

    [Fact]
    public void What_was_set_aside_has_another_ending_and_nothing_else_is_taken_for_it()
    {
        string[] all =
        [
            "north_redis-data", "north_redis-data-20261129t190247z", "north_secrets-api", "north_secrets-api-20261129t190247z", "north_backups", "north_backup-work",
            "north_redis-data-mine", "north_redis-data-20261129t190247z-copy", "other_redis-data", "north_edge",
        ];

        Assert.Equal(["north_redis-data", "north_secrets-api"], StoredVolumes.Of("north", Stored, all, ending => ending != "-20261129t190247z"));
        Assert.Equal(["north_redis-data-20261129t190247z", "north_secrets-api-20261129t190247z"], StoredVolumes.Of("north", Stored, all, ending => ending == "-20261129t190247z"));
    }

    [Fact]
    public void A_new_ending_is_known_again()
    {
        var ending = StoredVolumes.NewEnding(new FakeTimeProvider(DateTimeOffset.Parse("2026-11-29T19:02:47Z", CultureInfo.InvariantCulture)));

        Assert.Equal("-20261129t190247z", ending);
        Assert.Equal(["north_redis-data-20261129t190247z"], StoredVolumes.Of("north", Stored, ["north_redis-data" + ending], found => found == ending));
    }
}
