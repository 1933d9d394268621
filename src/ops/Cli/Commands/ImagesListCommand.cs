using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Cli.Output;
using Provost.Runbooks.Images;

namespace Provost.Cli.Commands;

/// <summary>provost images list: what is built here, and what the lock file deploys.</summary>
internal static class ImagesListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "List what is built here and what the lock file deploys") { ImagesCommand.Lock };
        command.Does(invocation =>
        {
            var built = invocation.Layout().Images();
            var locked = ImageLock.Read(invocation.LockFile()).Images;
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Output.WriteLine(new JsonObject
                {
                    ["built"] = new JsonArray([.. built.Select(image => (JsonNode)new JsonObject { ["name"] = image.Key, ["digest"] = image.Value })]),
                    ["locked"] = new JsonArray([.. locked.Select(image => (JsonNode)new JsonObject { ["image"] = image.Key, ["version"] = image.Value.Version, ["pinned"] = image.Value.Pinned })]),
                }.ToJsonString());
                return Task.FromResult(ExitCode.Success);
            }
            foreach (var (name, digest) in built)
            {
                invocation.Terminal.Output.WriteLine($"built    {name,-40} {digest}");
            }
            foreach (var (_, image) in locked)
            {
                invocation.Terminal.Output.WriteLine($"deployed {$"{image.Repository}:{image.Version}",-40} {image.Digest}");
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
