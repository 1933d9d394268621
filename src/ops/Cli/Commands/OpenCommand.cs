using System.CommandLine;
using Provost.Cli.Output;
using Shell = Provost.Runbooks.Tools.Shell;

namespace Provost.Cli.Commands;

/// <summary>provost open: the address, in the browser when there is one.</summary>
internal static class OpenCommand
{
    public static Command Create()
    {
        var command = new Command("open", "Open the platform in the browser, or print its address");
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            var url = loaded.State.ReadSiteSpec()?.PublicUrl ?? loaded.Site.PublicUrl().AbsoluteUri.TrimEnd('/');
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new OpenAnswer(url), AnswerJson.Plain.OpenAnswer);
                return ExitCode.Success;
            }
            invocation.Terminal.Output.WriteLine(url);
            if (invocation.Terminal.IsInteractive && Shell.Find("xdg-open") is { } opener)
            {
                await Shell.RunAsync(new Runbooks.Tools.Command(opener, [url]), null, invocation.Cancellation);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
