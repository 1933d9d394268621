using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups;

/// <summary>A site as backups see it.</summary>
/// <param name="Folder">Of provost.yaml: relative places begin there.</param>
/// <param name="File">provost.yaml; null when every default holds.</param>
/// <param name="Checkout">Where a release can be built from; null when the tool was installed without sources.</param>
public sealed record BackupSite(Installation Installation, string SiteName, StateDirectory State, string Folder, string? File, Checkout? Checkout)
{
    /// <summary>Where the release lies whose programs open the stores; the site's own state unless that is gone.</summary>
    public StateDirectory? Releases { get; init; }

    /// <summary>Where everything is, in the container that makes the backups of a site; null on the machine whose processes run it.</summary>
    public BackupPlacement? Placement { get; init; }

    public string Release => Placement?.Release ?? State.ReadSiteSpec()?.Release ?? throw new OperationError(
        ErrorKind.NotRunning, $"{Installation.Name} does not run", "start it with: provost up -d");

    public Site Site => Installation.Sites[SiteName];

    public Backup Settings => Site.Backup;

    /// <summary>What backups leave on this machine: notes, and files in work.</summary>
    public string WorkDirectory => Path.Combine(State.Root, BackupNotes.Folder);

    /// <summary>Opens the destinations, or one of them.</summary>
    public IReadOnlyList<BackupPlace> Places(string? only = null)
    {
        var all = Settings.Destinations;
        if (only is not null && !all.ContainsKey(only))
        {
            throw new OperationError(ErrorKind.Configuration, $"there is no destination \"{only}\"", $"the destinations of this site are {string.Join(", ", all.Keys)}");
        }
        return [.. all.Where(d => only is null || d.Key == only).Select(d => new BackupPlace(d.Key, Open(d.Key, d.Value)))];
    }

    /// <summary>The platform's operator API.</summary>
    public OperatorClient Platform() => Placement is null ? OperatorClient.For(State) : OperatorClient.For(
        [.. Placement.Platform.Select(url => new Uri(url))], State.Secret(Secrets.Operator, Secrets.OperatorToken) ?? throw OperatorClient.NotRunning());

    private string DirectoryOf(Destination destination) =>
        destination.Directory == Backup.DefaultDirectory ? Path.Combine(Backup.DefaultDirectory, SiteName) : destination.Directory!;

    private IObjectStore Open(string name, Destination destination)
    {
        try
        {
            return Store(name, destination);
        }
        catch (OperationError e)
        {
            return new ClosedStore(name, e);
        }
    }

    private IObjectStore Store(string name, Destination destination) => destination.Bucket is null
        ? new DirectoryStore(Placement is null ? Path.GetFullPath(DirectoryOf(destination), Folder) : Path.Combine(BackupPlacement.Repositories, name))
        : new S3Store(new S3Address(destination.Bucket, destination.Endpoint, destination.Region, destination.Prefix), BucketKeys.Read(State, name));
}

/// <summary>A destination by its name.</summary>
public sealed record BackupPlace(string Name, IObjectStore Store) : IDisposable
{
    public void Dispose() => Store.Dispose();
}
