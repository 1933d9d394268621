using Provost.Runbooks;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Cli.Installations;

/// <summary>provost.yaml was refused.</summary>
internal sealed class TopologyRefused(string file, IReadOnlyList<TopologyProblem> problems)
    : Exception(problems.Count == 1 ? $"{file} is refused" : $"{file} is refused: {problems.Count} problems")
{
    public IReadOnlyList<TopologyProblem> Problems => problems;
}

/// <summary>An installation as its file describes it, and where its state lies.</summary>
/// <param name="File">Null when there is no file and every default holds.</param>
/// <param name="Chosen">The site that --site names; null for the only one.</param>
internal sealed record LoadedInstallation(Installation Installation, string? File, string Folder, string? Chosen)
{
    public const string DefaultFile = "provost.yaml";
    private const long LargestFile = 1 << 20;

    public bool IsSiteKnown => Chosen is not null || Installation.Sites.Count == 1;

    public string SiteName => Chosen ?? (IsSiteKnown ? Installation.Sites.Keys.Single() : throw new OperationError(
        ErrorKind.Configuration, $"{Installation.Name} has {Installation.Sites.Count} sites", $"say which one is meant: --site {string.Join(" or --site ", SiteNames(Installation))}"));

    public Site Site => Installation.Sites[SiteName];

    public StateDirectory State => new(Path.Combine(Folder, Site.State));

    /// <summary>The file as it is written; empty when there is none.</summary>
    public string Text => File is null ? "" : System.IO.File.ReadAllText(File);

    /// <summary>The same installation as another text of its file describes it.</summary>
    public LoadedInstallation WithText(string text)
    {
        var read = TopologyFile.Read(text, $"{DefaultFile} of that time");
        return this with { Installation = Anchored(read.Installation ?? throw new TopologyRefused(read.File, read.Problems), Folder) };
    }

    public static LoadedInstallation Load(FileInfo? config, string? chosen, string workingDirectory, Checkout? checkout)
    {
        var (file, folder) = Find(config, workingDirectory, checkout);
        var installation = Anchored(file is null ? new Installation() : Read(file), folder);
        return chosen is null || installation.Sites.ContainsKey(chosen) ? new LoadedInstallation(installation, file, folder, chosen) : throw new OperationError(
            ErrorKind.Configuration, $"{installation.Name} has no site \"{chosen}\"", $"its sites are {string.Join(", ", SiteNames(installation))}");
    }

    /// <summary>For verbs that work on plain processes alone.</summary>
    public LoadedInstallation RequireProcesses() => Require("choose a site with target: process", Target.Process);

    /// <summary>For verbs that work on one machine: on processes and on containers.</summary>
    public LoadedInstallation RequireMachine() => Require("choose a site with target: process or compose", Target.Process, Target.Compose);

    private LoadedInstallation Require(string remedy, params Target[] targets) => targets.Contains(Site.Target) ? this : throw new OperationError(
        ErrorKind.Configuration, $"the site {SiteName} has target: {Site.Target.ToString().ToLowerInvariant()}, which this verb does not run yet", remedy);

    private static IEnumerable<string> SiteNames(Installation installation) => installation.Sites.Keys.Order(StringComparer.Ordinal);

    // Beside the file when there is one here; otherwise the checkout's, so that the command works from any folder.
    private static (string? File, string Folder) Find(FileInfo? config, string workingDirectory, Checkout? checkout)
    {
        if (config is not null)
        {
            return config.Exists ? (config.FullName, config.DirectoryName!) : throw new OperationError(
                ErrorKind.Configuration, $"there is no file {config.FullName}", "check the path after --config, or leave it out for the defaults");
        }
        var here = Path.Combine(workingDirectory, DefaultFile);
        if (System.IO.File.Exists(here))
        {
            return (here, workingDirectory);
        }
        var folder = checkout?.Root ?? workingDirectory;
        var there = Path.Combine(folder, DefaultFile);
        return (System.IO.File.Exists(there) ? there : null, folder);
    }

    private static Installation Read(string file)
    {
        if (new FileInfo(file).Length > LargestFile)
        {
            throw new TopologyRefused(file, [new TopologyProblem(file, 1, 1, "", "larger than 1 MiB", "this is not a provost.yaml; check the path")]);
        }
        var read = TopologyFile.Read(System.IO.File.ReadAllText(file), Path.GetRelativePath(Environment.CurrentDirectory, file));
        return read.Installation ?? throw new TopologyRefused(read.File, read.Problems);
    }

    private static Installation Anchored(Installation installation, string folder) =>
        installation with
        {
            Registry = Absolute(installation.Registry, folder),
            Sites = installation.Sites.ToDictionary(s => s.Key, s => s.Value with { Https = Absolute(s.Value.Https, folder) }),
        };

    private static Registry Absolute(Registry registry, string folder) => registry with
    {
        Own = registry.Own is { } own ? own with { Folder = Path.GetFullPath(own.Folder, folder) } : null,
        PasswordFile = registry.PasswordFile is { } password ? Path.GetFullPath(password, folder) : null,
        AuthorityFile = registry.AuthorityFile is { } authority ? Path.GetFullPath(authority, folder) : null,
    };

    private static Https Absolute(Https https, string folder) => https with
    {
        Certificate = https.Certificate is { } chain ? Path.GetFullPath(chain, folder) : null,
        Key = https.Key is { } key ? Path.GetFullPath(key, folder) : null,
    };
}
