using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Kubernetes;

namespace Provost.Cli.Commands;

/// <summary>provost cluster secrets: makes the secrets of a site that are missing; a job of the site runs it inside the cluster.</summary>
internal static class ClusterSecretsCommand
{
    private static readonly Option<string> Installation = new("--installation") { Description = "Name of the installation", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Namespace = new("--namespace") { Description = "Namespace of the site (default: that of the pod or of the context)", HelpName = "NAME" };
    private static readonly Option<bool> NoPasswords = new("--no-passwords") { Description = "Leave passwords and keys to somebody else" };
    private static readonly Option<string?> Certificate = new("--certificate") { Description = "Secret for a certificate of the installation's own authority, made or renewed", HelpName = "NAME" };
    private static readonly Option<string?> Domain = new("--domain") { Description = "Host name of that certificate", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("secrets", "Make the secrets of a site that are missing; those that are there stay as they are")
        {
            Installation, Namespace, NoPasswords, Certificate, Domain,
        };
        command.AddCluster();
        command.Does(async invocation =>
        {
            var installation = invocation.Parsed.GetRequiredValue(Installation);
            var made = await EnsureAsync(invocation, installation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new SecretsAnswer(installation, made), KubernetesJson.Plain.SecretsAnswer);
                return ExitCode.Success;
            }
            invocation.Terminal.Say(made.Count == 0 ? "Every secret is there." : $"Made: {string.Join(", ", made)}");
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<List<string>> EnsureAsync(Invocation invocation, string installation)
    {
        var parsed = invocation.Parsed;
        using var api = invocation.Connect();
        var space = parsed.GetValue(Namespace) ?? api.Namespace
            ?? throw new OperationError(ErrorKind.Configuration, "the context names no namespace", "say which one is meant: --namespace NAME");
        List<string> made = [];
        if (!parsed.GetValue(NoPasswords))
        {
            made.AddRange(await new ClusterSecretsRunbook(api, space, installation).EnsureAsync(invocation.Cancellation));
        }
        if (parsed.GetValue(Certificate) is { } certificate)
        {
            var domain = parsed.GetValue(Domain) ?? throw new OperationError(ErrorKind.Configuration, "--certificate needs a host name", "add --domain NAME");
            if (await new ClusterCertificate(api, space, invocation.Time).EnsureAsync(certificate, domain, installation, invocation.Cancellation))
            {
                made.Add(certificate);
            }
        }
        return made;
    }
}
