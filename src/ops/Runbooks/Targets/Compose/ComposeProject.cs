using Provost.Rendering.Compose;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>A Compose project of this machine: its name, and the folder with its files.</summary>
public sealed record ComposeProject(string Name, string Folder)
{
    public static ComposeProject Of(TargetSite site) =>
        new(ComposeNames.Project(site.Installation, site.Name), Path.Combine(site.State.Root, "compose"));

    public bool IsRendered => File.Exists(Path.Combine(Folder, "compose.yaml"));

    /// <summary>docker compose with these arguments, in the folder; by the project's name alone when it has no files here.</summary>
    public Command Command(params string[] arguments) => IsRendered || arguments[0] == "up"
        ? new Command("docker", ["compose", .. arguments], Folder)
        : new Command("docker", ["compose", "--project-name", Name, .. arguments]);
}
