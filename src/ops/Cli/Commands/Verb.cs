using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Releases;

namespace Provost.Cli.Commands;

/// <summary>What a verb is given: its arguments, its streams, its installation.</summary>
internal sealed record Invocation(ParseResult Parsed, Terminal Terminal, TimeProvider Time, CancellationToken Cancellation)
{
    public static Checkout? Checkout { get; } = Runbooks.Releases.Checkout.Above(AppContext.BaseDirectory);

    public LoadedInstallation Load() => LoadedInstallation.Load(Parsed.GetValue(Verb.Config), Parsed.GetValue(Verb.Site), Environment.CurrentDirectory, Checkout);
}

/// <summary>What every verb does alike.</summary>
internal static class Verb
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Answer with JSON on standard output, errors too", Recursive = true };

    public static Option<FileInfo?> Config { get; } = new("--config")
    {
        Description = $"The file that describes the installation (default: {LoadedInstallation.DefaultFile} here or in the checkout)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string?> Site { get; } = new("--site")
    {
        Description = "The site that is meant, when the installation has more than one",
        HelpName = "NAME",
        Recursive = true,
    };

    /// <param name="errors">The exit code of all errors; each kind has its own when null.</param>
    public static void Does(this Command command, Func<Invocation, Task<ExitCode>> action, ExitCode? errors = null) => command.SetAction(async (parsed, cancellation) =>
    {
        var terminal = Terminal.Of(parsed.GetValue(Json));
        using var interrupt = new Interrupt(cancellation);
        try
        {
            return (int)await action(new Invocation(parsed, terminal, TimeProvider.System, interrupt.Token));
        }
        catch (Exception error)
        {
            return (int)ErrorReport.Write(terminal, error, errors);
        }
    });
}
