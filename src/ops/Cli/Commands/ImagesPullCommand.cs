using Provost.Cli.Output;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Tools;
using Command = System.CommandLine.Command;

namespace Provost.Cli.Commands;

/// <summary>provost images pull: what the lock file deploys, by digest, into the engine of this machine.</summary>
internal static class ImagesPullCommand
{
    public static Command Create()
    {
        var command = new Command("pull", "Pull what the lock file deploys, by digest") { ImagesCommand.Names, ImagesCommand.Lock };
        command.AddRegistry();
        command.Does(async invocation =>
        {
            var registry = invocation.RegistryOf();
            var pull = new ImagePull(registry.Address, ImageLock.Read(registry.LockFile), environment => new DockerEngine(environment: environment));
            var pulled = await pull.RunAsync(invocation.Parsed.GetValue(ImagesCommand.Names) ?? [], invocation.Terminal.Say, invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Output.WriteLine(ImagesCommand.Array(pulled.Select(image => image.Pinned)).ToJsonString());
                return ExitCode.Success;
            }
            foreach (var image in pulled)
            {
                invocation.Terminal.Output.WriteLine(image.Pinned);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
