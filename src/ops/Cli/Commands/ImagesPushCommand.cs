using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Cli.Output;
using Provost.Runbooks.Images.Registries;

namespace Provost.Cli.Commands;

/// <summary>provost images push: to a private registry; the digests go into the lock file.</summary>
internal static class ImagesPushCommand
{
    public static Command Create()
    {
        var command = new Command("push", "Push the built images to a registry and record their digests in the lock file")
        {
            ImagesCommand.Names, ImagesCommand.Release, ImagesCommand.Revision, ImagesCommand.Prefix, ImagesCommand.Lock,
        };
        command.AddRegistry();
        command.Does(async invocation =>
        {
            var (tags, _) = await invocation.TagsAsync();
            var registry = invocation.RegistryOf();
            var push = new ImagePush(invocation.Layout(), registry.Address, registry.LockFile);
            var pushed = await push.RunAsync(
                invocation.Parsed.GetRequiredValue(ImagesCommand.Prefix), tags, invocation.Parsed.GetValue(ImagesCommand.Names) ?? [], invocation.Terminal.Say, invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Output.WriteLine(new JsonArray([.. pushed.Select(image => (JsonNode)new JsonObject
                {
                    ["image"] = image.Image, ["repository"] = image.Repository, ["tags"] = ImagesCommand.Array(image.Tags), ["digest"] = image.Digest,
                })]).ToJsonString());
                return ExitCode.Success;
            }
            foreach (var image in pushed)
            {
                invocation.Terminal.Output.WriteLine($"{image.Repository}@{image.Digest}");
            }
            return ExitCode.Success;
        });
        return command;
    }
}
