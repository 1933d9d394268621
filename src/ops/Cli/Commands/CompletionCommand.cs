using System.CommandLine;
using Provost.Cli.Output;

namespace Provost.Cli.Commands;

/// <summary>provost completion bash|zsh|fish: a script that asks the tool itself what may come next.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> ShellName = new("SHELL") { Description = "bash, zsh or fish" };

    private const string Bash = """
        _provost() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o filenames -F _provost provost ./provost
        """;

    private const string Zsh = """
        #compdef provost
        _provost() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _provost provost ./provost
        """;

    private const string Fish = """
        complete -c provost -f -a '(set -l line (commandline -cp); provost "[suggest:"(string length -- $line)"]" $line 2>/dev/null)'
        """;

    public static Command Create()
    {
        ShellName.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script for a shell: eval \"$(provost completion bash)\"") { ShellName };
        command.Does(invocation =>
        {
            var shell = invocation.Parsed.GetRequiredValue(ShellName);
            var script = shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new CompletionAnswer(shell, script), AnswerJson.Plain.CompletionAnswer);
            }
            else
            {
                invocation.Terminal.Output.WriteLine(script);
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
