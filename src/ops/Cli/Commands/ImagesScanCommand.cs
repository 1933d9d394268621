using System.CommandLine;
using System.Text.Json.Nodes;
using Provost.Cli.Output;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Scans;
using Provost.Runbooks.Tools;
using Command = System.CommandLine.Command;

namespace Provost.Cli.Commands;

/// <summary>provost images scan: passes only when it is complete and within policy.</summary>
internal static class ImagesScanCommand
{
    private static readonly Argument<string[]> Images = new("IMAGE") { Description = "Images of the platform, or any name that the engine has (default: all that are built)", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<FileInfo?> Policy = new("--policy") { Description = "The scan policy (default: deploy/scan-policy.yaml)", HelpName = "FILE" };
    private static readonly Option<DirectoryInfo?> Advisories = new("--advisories") { Description = "Advisories that were brought along (files of osv.dev, the Debian security tracker)", HelpName = "DIR" };
    private static readonly Option<bool> Stores = new("--stores") { Description = "Also the servers of others that the Compose sites of provost.yaml run" };
    private static readonly Option<FileInfo?> SarifFile = new("--sarif") { Description = "Also write the findings as SARIF", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("scan", "Scan the images for vulnerabilities, secrets and bad habits") { Images, ImagesCommand.Release, ImagesCommand.Prefix, Policy, Advisories, Stores, SarifFile };
        command.Does(async invocation =>
        {
            var policy = ScanPolicy.Read(invocation.Parsed.GetValue(Policy)?.FullName ?? Path.Combine(invocation.RootOf(), "deploy", "scan-policy.yaml"));
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
            var scan = ImageScan.OfMachine(policy, invocation.Parsed.GetValue(Advisories)?.FullName, http, invocation.Time);
            var names = invocation.Parsed.GetValue(Images) ?? [];
            var report = await scan.RunAsync([.. Sources(invocation, names), .. OfOthers(invocation, names)], invocation.Terminal.Say, invocation.Cancellation);
            if (invocation.Parsed.GetValue(SarifFile) is { } sarif)
            {
                await File.WriteAllTextAsync(sarif.FullName, Sarif.Write(report, ToolVersion.Short), invocation.Cancellation);
            }
            Print(invocation.Terminal, report);
            return report.Passed ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }

    internal static IReadOnlyList<ImageSource> Sources(Invocation invocation, IReadOnlyList<string> names)
    {
        var layout = invocation.Layout();
        var built = layout.Images();
        var version = invocation.Parsed.GetValue(ImagesCommand.Release) ?? ToolVersion.Short;
        var wanted = names.Count > 0 ? names : [.. ImageDefinition.All.Select(image => image.Name)];
        var engine = new DockerEngine();
        return [.. wanted.Select(name => ImageDefinition.All.FirstOrDefault(image => image.Name == name) is not { } image
            ? ImageSource.OfEngine(engine, name)
            : built.TryGetValue($"{invocation.Parsed.GetRequiredValue(ImagesCommand.Prefix)}/{name}:{version}", out var digest)
                ? ImageSource.OfLayout(layout, name, digest, Path.Combine(invocation.RootOf(), image.Dockerfile))
                : throw new Runbooks.OperationError(Runbooks.ErrorKind.Failed, $"version {version} of {name} is not built", $"build it: provost images build --release {version}"))];
    }

    // As their makers ship them they have a shell and more: a policy of one's own says what of that is accepted.
    private static IReadOnlyList<ImageSource> OfOthers(Invocation invocation, string[] names)
    {
        var others = names.Length > 0 ? [] : DeployedImages.OfOthers(invocation.Load().Installation);
        if (invocation.Parsed.GetValue(Stores))
        {
            return [.. others.Select(other => ImageSource.OfEngine(new DockerEngine(), other))];
        }
        if (others.Count > 0)
        {
            invocation.Terminal.Say($"not looked into: {string.Join(", ", others)} (--stores does)");
        }
        return [];
    }

    private static void Print(Terminal terminal, ScanReport report)
    {
        if (terminal.Json)
        {
            terminal.Output.WriteLine(new JsonObject
            {
                ["findings"] = new JsonArray([.. report.Findings.Select(one => (JsonNode)new JsonObject
                {
                    ["image"] = one.Image, ["rule"] = one.Rule, ["severity"] = Word(one.Severity), ["subject"] = one.Subject, ["fix"] = one.Fix,
                })]),
                ["incomplete"] = new JsonArray([.. report.Incomplete.Select(one => (JsonNode)new JsonObject { ["image"] = one.Image, ["check"] = one.Check, ["reason"] = one.Reason })]),
                ["excepted"] = new JsonArray([.. report.Excepted.Select(one => (JsonNode)new JsonObject
                {
                    ["image"] = one.Finding.Image, ["rule"] = one.Finding.Rule, ["subject"] = one.Finding.Subject, ["reason"] = one.Exception.Reason, ["until"] = $"{one.Exception.Until:yyyy-MM-dd}",
                })]),
            }.ToJsonString());
            return;
        }
        foreach (var finding in report.Findings)
        {
            terminal.Output.WriteLine($"{Word(finding.Severity),-8} {finding.Image}: {finding.Rule}: {finding.Subject}");
            terminal.Output.WriteLine($"         {finding.Fix}");
        }
        foreach (var one in report.Incomplete)
        {
            terminal.Output.WriteLine($"INCOMPLETE {one.Image}: {one.Check}: {one.Reason}");
        }
        terminal.Say($"{report.Findings.Count} findings, {report.Excepted.Count} excepted, {report.Incomplete.Count} checks incomplete: "
            + (report.Passed ? "within policy" : report.Incomplete.Count > 0 ? "not a pass, because a check could not run" : $"not within policy (fails at {Word(report.FailAt)})"));
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
