using Provost.Rendering.Process;
using Provost.Rendering.Trees;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Plans;

/// <summary>One thing to do, as a value: printed by --dry-run, carried out by <see cref="PlanRunner"/>.</summary>
public abstract record Step(string Title)
{
    private Step()
        : this("")
    {
    }

    /// <summary>Runs a program and waits for it.</summary>
    public sealed record Run(string Title, Command Command, string Remedy) : Step(Title);

    /// <summary>Steps that do not wait for each other.</summary>
    public sealed record Together(string Title, IReadOnlyList<Step> Steps) : Step(Title);

    /// <summary>Removes the published bundle of the build before.</summary>
    public sealed record CleanBundle(Checkout Checkout) : Step("Clean the bundle of the last build");

    /// <summary>Copies the lock file beside which npm installs the embedded ClickHouse.</summary>
    public sealed record PrepareLibrary(Checkout Checkout) : Step("Prepare the folder of the embedded ClickHouse");

    /// <summary>Notes what was built, so that the next start does not build it again.</summary>
    public sealed record StampBuild(Checkout Checkout, string Fingerprint) : Step("Note what was built");

    /// <summary>Copies the published files to a folder that no later build touches.</summary>
    public sealed record InstallRelease(Checkout Checkout, StateDirectory State, string Release, int Keep) : Step($"Install release {Release}");

    /// <summary>Creates the state directory, the secrets that are missing and the files that the stores read.</summary>
    public sealed record WriteState(StateDirectory State, SiteSpec Spec, IReadOnlyDictionary<string, string> Files) : Step("Write secrets and configuration");

    /// <summary>Starts the agent in a session of its own, from a copy of the tool; an agent that runs another version gives way.</summary>
    public sealed record StartAgent(StateDirectory State, string Tool) : Step("Start the agent");

    /// <summary>Tells the running agent to take up the specification.</summary>
    public sealed record Apply(StateDirectory State) : Step("Apply the configuration, one replica after the other");

    /// <summary>Waits until every replica is ready.</summary>
    public sealed record WaitReady(StateDirectory State, TimeSpan Limit) : Step("Wait until everything is ready");

    /// <summary>Loads the demonstration course, unless it is there.</summary>
    public sealed record LoadDemonstration(StateDirectory State) : Step("Load the demonstration course");

    /// <summary>Notes that the first start succeeded: the demonstration is not loaded again, also when somebody removed it.</summary>
    public sealed record NoteStart(StateDirectory State) : Step("Note the first start");

    /// <summary>Stops every service, stores last, then the agent.</summary>
    public sealed record StopSite(StateDirectory State) : Step("Stop all services");

    /// <summary>Removes the state directory and everything in it.</summary>
    public sealed record RemoveState(StateDirectory State) : Step($"Remove {State.Root}");

    /// <summary>A stage of a longer runbook, which carries it out itself and reports it in the same way.</summary>
    public sealed record Stage(string Title) : Step(Title);

    /// <summary>Checks that the engine and its Compose are there, and new enough.</summary>
    public sealed record RequireEngine() : Step("Look at the container engine");

    /// <summary>Writes a rendered tree to its folder.</summary>
    public sealed record WriteTree(string Folder, RenderedTree Tree) : Step("Write the rendered files");

    /// <summary>Has Compose read the rendered files before they take the place of those that run.</summary>
    public sealed record CheckTree(ComposeProject Project, RenderedTree Tree) : Step("Check the files");

    /// <summary>Builds the images of a checkout.</summary>
    public sealed record BuildImages(BuildOptions Options, string Layout, string LockFile) : Step("Build the images");

    /// <summary>Pulls the images that the engine does not have: nothing is stopped before all are there.</summary>
    /// <param name="Registry">That of provost.yaml, with its account.</param>
    public sealed record FetchImages(IReadOnlyList<string> References, RegistryAddress? Registry) : Step("Fetch the images that are missing");

    /// <summary>Starts the registry of the installation's own, with a certificate that is good for long enough.</summary>
    public sealed record StartRegistry(RegistryContainer Container) : Step($"Start the registry {Container.Address}");

    /// <summary>What was pushed stays.</summary>
    public sealed record StopRegistry(string Folder) : Step("Stop the registry");

    /// <summary>Stops the registry and removes what was pushed.</summary>
    public sealed record RemoveRegistry(string Folder) : Step($"Remove the registry and its images in {Folder}");

    /// <summary>Runs docker compose on a project.</summary>
    public sealed record Compose(string Title, ComposeProject Project, string[] Arguments) : Step(Title);

    /// <summary>Those with backups stay.</summary>
    public sealed record RemoveVolumes(ComposeProject Project) : Step("Remove all volumes but that of backups");

    /// <summary>Takes up what was rendered while the site runs, one service of Compose after the other.</summary>
    public sealed record Roll(ComposeProject Project, IReadOnlyList<string> Services, TimeSpan Limit) : Step("Start anew what changed, one container after the other");

    /// <summary>Waits until every container is healthy.</summary>
    public sealed record WaitHealthy(ComposeProject Project, TimeSpan Limit) : Step("Wait until everything is healthy");

    /// <summary>What a reader of the plan sees.</summary>
    public string Describe() => this switch
    {
        Run run => $"{Title}: {(run.Command.Directory is { } directory ? $"(in {directory}) " : "")}{run.Command}",
        Together together => string.Join(Environment.NewLine + "   and ", together.Steps.Select(s => s.Describe())),
        Compose compose => $"{Title}: {compose.Project.Command(compose.Arguments)}",
        CheckTree check => $"{Title}: {check.Project.Check()}",
        Roll roll => $"{Title}: {string.Join(", ", roll.Services)}",
        WriteTree tree => $"{Title}: {string.Join(", ", tree.Tree.Files.Select(f => Path.Combine(tree.Folder, f.Path)))}",
        FetchImages fetch => $"{Title}: {string.Join(", ", fetch.References)}",
        StartRegistry start => $"{Title}: docker compose --project-directory {start.Container.Own.Folder} up --detach --wait",
        WriteState write => $"{Title}: {string.Join(", ", write.Files.Keys)}",
        StartAgent start => $"{Title}: {ToolFolder.Program(start.State, start.Tool)} agent run --state {start.State.Root}",
        _ => Title,
    };
}

/// <summary>Steps in order.</summary>
public sealed record Plan(string Title, IReadOnlyList<Step> Steps);

/// <summary>How far a plan is.</summary>
/// <param name="Number">Of the step, from 1.</param>
/// <param name="Line">Something that the step says; null when it begins or ends.</param>
/// <param name="Seconds">Set when the step has ended.</param>
public sealed record StepProgress(int Number, int Count, Step Step, string? Line, double? Seconds);
