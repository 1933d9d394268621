using Provost.Rendering.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>A Compose project of this machine: its name, and the folder with its files.</summary>
public sealed record ComposeProject(string Name, string Folder)
{
    internal const string File = "compose.yaml";
    internal const string NextFile = "next.yaml";
    internal const string CheckFile = "check.yaml";
    internal const string RestoreFile = "restore.yaml";
    private const string OverrideFile = "compose.override.yaml";

    // What a deployment has started is no part of the other file: it must not be taken for left over.
    private static readonly Dictionary<string, string> KeepOrphans = new() { ["COMPOSE_REMOVE_ORPHANS"] = "false", ["COMPOSE_IGNORE_ORPHANS"] = "true" };

    public static ComposeProject Of(TargetSite site) => Of(site.Installation, site.Name, site.State);

    public static ComposeProject Of(Installation installation, string site, StateDirectory state) =>
        new(ComposeNames.Project(installation, site), Path.Combine(state.Root, "compose"));

    /// <summary>Other volumes with data and secrets than .env names: the value of <see cref="ComposeNames.VolumesVariable"/>; null for those of .env.</summary>
    public string? Volumes { get; init; }

    public bool IsRendered => System.IO.File.Exists(Path.Combine(Folder, File));

    /// <summary>docker compose with these arguments, in the folder; by the project's name alone when it has no files here.</summary>
    public Command Command(params string[] arguments) => IsRendered || arguments[0] == "up"
        ? new Command("docker", ["compose", .. arguments], Folder, VolumesEnvironment)
        : new Command("docker", ["compose", "--project-name", Name, .. arguments]);

    /// <summary>The same, in which everything that the files do not name goes on running.</summary>
    internal Command Beside(params string[] arguments) => new("docker", ["compose", .. arguments], Folder, KeepOrphans);

    /// <summary>The same by the file of the release that is on its way.</summary>
    internal Command Next(params string[] arguments) => By(NextFile, arguments);

    /// <summary>Has Compose read a file that nothing is started by yet.</summary>
    internal Command Check() => By(CheckFile, "config", "--quiet");

    /// <summary>The same as <see cref="Command"/>, with a file that is merged over the others.</summary>
    internal Command With(string file, params string[] arguments) =>
        new("docker", ["compose", "--file", File, .. Overrides, "--file", file, .. arguments], Folder, VolumesEnvironment);

    private string[] Overrides => System.IO.File.Exists(Path.Combine(Folder, OverrideFile)) ? ["--file", OverrideFile] : [];

    private Dictionary<string, string>? VolumesEnvironment => Volumes is null ? null : new() { [ComposeNames.VolumesVariable] = Volumes };

    private Command By(string file, params string[] arguments) =>
        Beside(["--file", file, .. Overrides, .. arguments]);
}
