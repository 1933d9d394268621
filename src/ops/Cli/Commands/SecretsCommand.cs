using System.CommandLine;
using Provost.Agent.Certificates;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost secrets init: what containers need before they start. Rendered Compose files run it.</summary>
internal static class SecretsCommand
{
    private static readonly Option<DirectoryInfo> Directory = new("--directory") { Description = "Where the secrets lie, a folder for each service", HelpName = "DIR", Required = true };
    private static readonly Option<string?> Domain = new("--domain") { Description = "Issue and renew a certificate for this name too", HelpName = "NAME" };
    private static readonly Option<string?> Every = new("--every") { Description = "Stay, and look again each 12h, 1d, ...", HelpName = "TIME" };

    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    public static Command Create() => new("secrets", "Secrets of services that run in containers") { Init() };

    private static Command Init()
    {
        var command = new Command("init", "Make the secrets that are missing; those that are there stay") { Directory, Domain, Every };
        command.Does(async invocation =>
        {
            var again = Interval(invocation.Parsed.GetValue(Every));
            do
            {
                Ensure(invocation);
                if (again is { } next)
                {
                    new Heartbeat(Heartbeat.DefaultFile, invocation.Time).Expect(next + Late);
                }
            }
            while (again is { } interval && await WaitAsync(interval, invocation));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Ensure(Invocation invocation)
    {
        var directory = invocation.Parsed.GetRequiredValue(Directory).FullName;
        ContainerSecrets.Ensure(directory);
        invocation.Terminal.Say($"the secrets are in {directory}");
        if (invocation.Parsed.GetValue(Domain) is { } domain)
        {
            var (authority, served) = (Path.Combine(directory, "authority", "ca.crt"), Path.Combine(directory, "certificates"));
            var changed = SiteCertificate.Ensure(domain, authority, Path.Combine(served, "server.crt"), Path.Combine(served, "server.key"), invocation.Time);
            File.Copy(authority, Path.Combine(served, "ca.crt"), overwrite: true);
            invocation.Terminal.Say(changed ? $"a certificate was issued for {domain}" : $"the certificate of {domain} is good");
        }
    }

    private static async Task<bool> WaitAsync(TimeSpan interval, Invocation invocation)
    {
        await Task.Delay(interval, invocation.Time, invocation.Cancellation);
        return true;
    }

    private static TimeSpan? Interval(string? text) => text is null ? null
        : Duration.TryParse(text, out var span) && span > TimeSpan.Zero ? span
        : throw new OperationError(ErrorKind.Refused, $"--every \"{text}\" is no duration", "write 30m, 12h or 1d");
}
