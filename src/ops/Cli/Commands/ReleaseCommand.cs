using System.CommandLine;
using System.Text.RegularExpressions;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Deploy;

namespace Provost.Cli.Commands;

/// <summary>provost release: makes a release from the checkout.</summary>
internal static partial class ReleaseCommand
{
    private static readonly Option<string?> Version = new("--version") { Description = "Its version (default: that of this tool, which comes from the tags)", HelpName = "X.Y.Z" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show everything that the tools behind the steps say" };

    public static Command Create() => new("release", "Make a release") { CreateOne() };

    private static Command CreateOne()
    {
        var command = new Command("create", "Build a release from the checkout and install it beside the others; nothing that runs changes") { Version, Verbose };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load().RequireMachine();
            var version = invocation.Parsed.GetValue(Version);
            if (version is not null && !SemanticVersion().IsMatch(version))
            {
                throw new OperationError(ErrorKind.Configuration, $"\"{version}\" is no version", "give one as of semver.org, without a build part: 1.2.0, 1.2.0-rc.1");
            }
            var release = await Releasing.CreateAsync(invocation, loaded, version, invocation.Parsed.GetValue(Verbose));
            var answer = await ReleasesCommand.AnswerAsync(invocation, loaded, release, new DeployHistory(loaded.State, invocation.Time).All);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(answer, DeployJson.Plain.ReleaseAnswer);
                return ExitCode.Success;
            }
            invocation.Terminal.Output.WriteLine(release);
            invocation.Terminal.Say($"Bring it live with: provost deploy {release}");
            return ExitCode.Success;
        });
        return command;
    }

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$")]
    private static partial Regex SemanticVersion();
}
