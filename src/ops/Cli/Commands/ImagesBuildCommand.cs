using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Cli.Output;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Tools;
using Command = System.CommandLine.Command;

namespace Provost.Cli.Commands;

/// <summary>provost images build: all images, reproducibly, with their sizes beside those of their bases.</summary>
internal static class ImagesBuildCommand
{
    private static readonly Option<string?> Network = new("--network") { Description = "Network of the build steps, e.g. host", HelpName = "NAME" };
    private static readonly Option<bool> NoCache = new("--no-cache") { Description = "Use nothing of earlier builds" };
    private static readonly Option<bool> Pull = new("--pull") { Description = "First pull the base images, and those of the stores of Compose sites, and record their digests in the lock file" };
    private static readonly Option<bool> Locked = new("--locked") { Description = "Build on the recorded digests of the base images only (release builds)" };

    public static Command Create()
    {
        var command = new Command("build", "Build the images; the same source gives the same digests")
        {
            ImagesCommand.Names, ImagesCommand.Release, ImagesCommand.Revision, ImagesCommand.Prefix, ImagesCommand.Lock, Network, NoCache, Pull, Locked,
        };
        command.Does(async invocation =>
        {
            var (tags, source) = await invocation.TagsAsync();
            var options = new BuildOptions(invocation.RootOf(), invocation.Parsed.GetRequiredValue(ImagesCommand.Prefix), tags, source.Address, source.Time)
            {
                Names = invocation.Parsed.GetValue(ImagesCommand.Names) ?? [],
                Network = invocation.Parsed.GetValue(Network),
                NoCache = invocation.Parsed.GetValue(NoCache),
                Pull = invocation.Parsed.GetValue(Pull),
                Beside = invocation.Parsed.GetValue(Pull) ? DeployedImages.OfOthers(invocation.Load().Installation) : [],
                Locked = invocation.Parsed.GetValue(Locked),
            };
            var build = new ImageBuild(new DockerEngine(), invocation.Layout(), invocation.LockFile());
            Print(invocation.Terminal, await build.RunAsync(options, invocation.Terminal.Say, invocation.Cancellation));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(Terminal terminal, IReadOnlyList<BuiltImage> built)
    {
        if (terminal.Json)
        {
            terminal.Output.WriteLine(new JsonArray([.. built.Select(image => (JsonNode)new JsonObject
            {
                ["image"] = image.Image,
                ["tags"] = ImagesCommand.Array(image.Tags.Select(tag => $"{image.Repository}:{tag}")),
                ["digest"] = image.Digest,
                ["id"] = image.Id,
                ["bytes"] = image.Bytes,
                ["baseBytes"] = image.BaseBytes,
            })]).ToJsonString());
            return;
        }
        terminal.Output.WriteLine($"{"image",-14} {"app MB",8} {"base MB",8}  digest");
        foreach (var image in built)
        {
            terminal.Output.WriteLine($"{image.Image,-14} {ImagesCommand.Megabytes(image.Bytes - image.BaseBytes),8} {ImagesCommand.Megabytes(image.BaseBytes),8}  {image.Digest}");
        }
    }
}
