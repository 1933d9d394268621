using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>The programs that can open a copy of the stores: those of the release that runs here, or those of the checkout.</summary>
/// <param name="Redis">redis-server or valkey-server of the machine; null when there is none.</param>
public sealed record StorePrograms(string Stores, string Api, string Library, string? Redis)
{
    public static StorePrograms Find(BackupSite site)
    {
        var (state, checkout) = (site.Releases ?? site.State, site.Checkout);
        var redis = Shell.Find("redis-server") ?? Shell.Find("valkey-server");
        if (site.Placement is not null)
        {
            return Of(BackupPlacement.Programs, redis);
        }
        if (state.ReadSiteSpec() is { } spec && ReleaseFolder.IsInstalled(state, spec.Release))
        {
            return Of(ReleaseFolder.Of(state, spec.Release), redis);
        }
        if (checkout is not null && Build.Library(checkout) is { } library && File.Exists(Published(checkout, "Api")))
        {
            return new StorePrograms(Published(checkout, "Stores"), Published(checkout, "Api"), library, redis);
        }
        throw new OperationError(
            ErrorKind.Machine, "there is no release here whose stores could open the backup",
            checkout is null ? "install the release of the backup, then try again" : "build one: dotnet publish, or provost up in an empty folder");
    }

    internal string RedisOrStores(bool embedded) => embedded ? Stores : Redis ?? throw new OperationError(
        ErrorKind.Machine, "no redis-server or valkey-server is on the PATH, and the state was written by one", "install one (Debian: apt-get install redis-server)");

    private static StorePrograms Of(string release, string? redis) =>
        new(Path.Combine(release, "Stores", "Provost.Stores"), Path.Combine(release, "Api", "Provost.Api"), Path.Combine(release, "libchdb.so"), redis);

    private static string Published(Checkout checkout, string project) => Path.Combine(checkout.Published, project, "release", $"Provost.{project}");
}
