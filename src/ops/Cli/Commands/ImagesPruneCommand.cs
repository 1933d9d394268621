using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost images prune: retention in the registry; the plan first.</summary>
internal static class ImagesPruneCommand
{
    private const int DefaultKeep = 5;
    private static readonly Option<int?> Keep = new("--keep") { Description = $"How many versions of each image stay (default: registry.keep of provost.yaml, or {DefaultKeep})", HelpName = "NUMBER" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would go and why the rest stays" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do it without asking" };

    private static readonly Option<DirectoryInfo?> Folder = new("--registry-folder")
    {
        Description = "Folder of a registry of one's own (images registry): its garbage is collected too, and it rests meanwhile",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("prune", "Remove old versions from the registry; never one that the lock file deploys") { ImagesCommand.Lock, Keep, DryRun, Yes, Folder };
        command.AddRegistry();
        command.Does(async invocation =>
        {
            var registry = invocation.RegistryOf();
            var prune = new ImagePrune(registry.Address, ImageLock.Read(registry.LockFile));
            var plan = await prune.PlanAsync(new(invocation.Parsed.GetValue(Keep) ?? registry.Configured?.Keep ?? DefaultKeep), invocation.Cancellation);
            var folder = invocation.Parsed.GetValue(Folder)?.FullName ?? registry.Configured?.Own?.Folder;
            // Where nothing goes there is nothing to agree to; garbage of pushes that broke off is collected with --yes all the same.
            var isAll = invocation.Parsed.GetValue(DryRun) || (plan.All(entry => entry.Reason is not null) && (folder is null || !invocation.Parsed.GetValue(Yes)));
            // One document: the plan, or the error with what would go.
            if (invocation.Terminal.Json && !isAll)
            {
                RequireConsent(invocation, plan);
            }
            Print(invocation.Terminal, plan);
            if (isAll)
            {
                return ExitCode.Success;
            }
            RequireConsent(invocation, plan);
            using var alone = Alone(invocation, registry.Configured);
            await prune.RunAsync(plan, invocation.Terminal.Say, invocation.Cancellation);
            if (folder is null)
            {
                invocation.Terminal.Say("the space comes back when the registry collects its garbage: --registry-folder DIR does it for one of your own");
                return ExitCode.Success;
            }
            await RegistryGarbage.CollectAsync(folder, invocation.Terminal.Say, invocation.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    // A registry of the installation's own rests meanwhile: nothing may fetch from it.
    private static OperationLock? Alone(Invocation invocation, ConfiguredRegistry? configured)
    {
        if (configured?.Own is null)
        {
            return null;
        }
        var loaded = invocation.Load();
        return Installations.Alone.Take(invocation, loaded with { Chosen = loaded.Installation.RegistrySite() }, "images prune", force: false);
    }

    private static void RequireConsent(Invocation invocation, IReadOnlyList<PruneEntry> plan)
    {
        if (invocation.Parsed.GetValue(Yes))
        {
            return;
        }
        if (invocation.Terminal is { IsInteractive: true, Json: false })
        {
            invocation.Terminal.Talk.Write("Remove them? [y/N] ");
            if (invocation.Terminal.Input.ReadLine()?.Trim() is "y" or "Y" or "yes")
            {
                return;
            }
        }
        throw new OperationError(ErrorKind.Refused, "nothing was removed: nobody agreed to it", "look at the plan, then run it again with --yes",
            invocation.Terminal.Json ? [.. plan.Where(entry => entry.Reason is null).Select(Line)] : []);
    }

    private static void Print(Terminal terminal, IReadOnlyList<PruneEntry> plan)
    {
        if (terminal.Json)
        {
            terminal.Output.WriteLine(new JsonArray([.. plan.Select(entry => (JsonNode)new JsonObject
            {
                ["image"] = entry.Image, ["digest"] = entry.Digest, ["tags"] = ImagesCommand.Array(entry.Tags), ["remove"] = entry.Reason is null, ["reason"] = entry.Reason,
            })]).ToJsonString());
            return;
        }
        foreach (var entry in plan)
        {
            terminal.Output.WriteLine(Line(entry));
        }
    }

    private static string Line(PruneEntry entry) =>
        $"{(entry.Reason is null ? "remove" : "keep"),-7} {entry.Image,-13} {string.Join(", ", entry.Tags)}{(entry.Reason is null ? "" : $" ({entry.Reason})")}";
}
