using System.CommandLine;
using Provost.Cli.Output;
using Provost.Rendering.Compose;
using Provost.Runbooks.Images;
using Provost.Runbooks.Trees;

namespace Provost.Cli.Commands;

/// <summary>provost render compose: files with which `docker compose up -d` runs the platform.</summary>
internal static class RenderComposeCommand
{
    private static readonly Option<bool> ForDevelopment = new("--development") { Description = "Services run from the sources and start anew when these change; ports for debuggers" };

    public static Command Create()
    {
        var command = new Command("compose", "Write files for Docker Compose; the same input gives the same bytes")
        {
            RenderCommand.Output, ForDevelopment, ImagesCommand.Release, ImagesCommand.Revision, ImagesCommand.Prefix, ImagesCommand.Lock,
        };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            var folder = invocation.Parsed.GetRequiredValue(RenderCommand.Output).FullName;
            var (tags, _) = await invocation.TagsAsync();
            var images = DeployedImages.Of(loaded.Site, ImageLock.Read(invocation.Parsed.GetValue(ImagesCommand.Lock)?.FullName ?? DeployedImages.LockFile(loaded.Folder, Invocation.Checkout)), invocation.Parsed.GetRequiredValue(ImagesCommand.Prefix), tags);
            var flavour = invocation.Parsed.GetValue(ForDevelopment) ? ComposeFlavour.Development : ComposeFlavour.Production;
            var request = new ComposeRequest(images.Release, flavour, images.References, Path.GetRelativePath(folder, invocation.RootOf())) { Configuration = loaded.Text };
            var change = new TreeFolder(folder).Write(ComposeRenderer.Render(loaded.Installation, loaded.SiteName, request));
            Report(invocation.Terminal, folder, change, images);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Report(Terminal terminal, string folder, TreeChange change, DeployedImages images)
    {
        if (terminal.Json)
        {
            terminal.Write(new RenderAnswer(folder, change.Written, change.Unchanged, change.Kept, change.Removed, images.Unpinned), RenderJson.Plain.RenderAnswer);
            return;
        }
        foreach (var file in change.Written.Concat(change.Unchanged).Concat(change.Kept).Order(StringComparer.Ordinal))
        {
            terminal.Output.WriteLine(Path.Combine(folder, file));
        }
        foreach (var image in images.Unpinned)
        {
            terminal.Say($"no digest is recorded of {image}: its tag names one version, a digest would pin its bytes");
        }
        if (images.Unpinned.Count > 0)
        {
            terminal.Say("record digests with: provost images push, provost images build --pull");
        }
        terminal.Say($"run it: docker compose --project-directory {folder} up -d");
    }
}
