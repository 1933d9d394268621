using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace Provost.Cli.Output;

/// <summary>
/// The help of a command, in the layout of System.CommandLine. Written out here because the library's own sorts and groups
/// with generic types that must be compiled on the spot: a third of the time that help takes.
/// </summary>
internal sealed class HelpPage(TextWriter output, int width)
{
    private const string Blank = "                                                                                ";
    private const int Narrowest = 24;

    public void Write(Command command)
    {
        Section("Description:", [new Row(command.Description ?? "", "")]);
        Section("Usage:", [new Row(Usage(command), "")]);
        Section("Arguments:", Rows(command.Arguments));
        Section("Options:", [.. Rows(Options(command))]);
        Section("Commands:", Rows(command.Subcommands));
        Section("Exit codes:", Rows(ExitCodes.All));
    }

    private static string Usage(Command command)
    {
        var words = command.Name;
        for (var parent = Parent(command); parent is not null; parent = Parent(parent))
        {
            words = parent.Name + " " + words;
        }
        foreach (var argument in command.Arguments)
        {
            var word = "<" + argument.Name + ">" + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
            words += argument.Arity.MinimumNumberOfValues == 0 ? " [" + word + "]" : " " + word;
        }
        return words + (command.Subcommands.Count > 0 ? " [command]" : "") + " [options]";
    }

    private static Command? Parent(Command command)
    {
        foreach (var parent in command.Parents)
        {
            return parent as Command;
        }
        return null;
    }

    // The command's own, help and version after them; then what it inherits.
    private static List<Option> Options(Command command)
    {
        List<Option> options = [];
        foreach (var isCommon in (bool[])[false, true])
        {
            foreach (var option in command.Options)
            {
                if ((option is HelpOption or VersionOption) == isCommon)
                {
                    options.Add(option);
                }
            }
        }
        for (var parent = Parent(command); parent is not null; parent = Parent(parent))
        {
            foreach (var option in parent.Options)
            {
                if (option.Recursive && !options.Contains(option))
                {
                    options.Add(option);
                }
            }
        }
        return options;
    }

    private static List<Row> Rows(List<Option> options)
    {
        List<Row> rows = [];
        foreach (var option in options)
        {
            if (!option.Hidden)
            {
                var value = option.HelpName is { } name ? " <" + name + ">" : "";
                rows.Add(new Row(Names(option) + value + (option.Required ? " (REQUIRED)" : ""), Text(option, option.HasDefaultValue && value.Length > 0 ? option.GetDefaultValue() : null)));
            }
        }
        return rows;
    }

    private static List<Row> Rows(IList<Argument> arguments)
    {
        List<Row> rows = [];
        foreach (var argument in arguments)
        {
            rows.Add(new Row(Label(argument), Text(argument, argument.HasDefaultValue ? argument.GetDefaultValue() : null)));
        }
        return rows;
    }

    private static List<Row> Rows(IList<Command> commands)
    {
        List<Row> rows = [];
        foreach (var command in commands)
        {
            if (!command.Hidden)
            {
                var label = command.Name;
                foreach (var argument in command.Arguments)
                {
                    label += " " + Label(argument);
                }
                rows.Add(new Row(label, command.Description ?? ""));
            }
        }
        return rows;
    }

    private static List<Row> Rows(ExitCode[] codes)
    {
        List<Row> rows = [];
        foreach (var code in codes)
        {
            rows.Add(new Row(((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture), ExitCodes.Meaning(code)));
        }
        return rows;
    }

    private static string Text(Symbol symbol, object? value) => value is null ? symbol.Description ?? "" : symbol.Description + " [default: " + value + "]";

    private static string Label(Argument argument)
    {
        var values = "";
        foreach (var completion in argument.GetCompletions(CompletionContext.Empty))
        {
            values += (values.Length > 0 ? "|" : "") + completion.Label;
        }
        return "<" + (values.Length > 0 ? values : argument.HelpName ?? argument.Name) + ">";
    }

    // Short names first, by letter; those for another system's shell are not told.
    private static string Names(Option option)
    {
        List<string> shorts = [];
        foreach (var alias in option.Aliases)
        {
            if (alias.Length == 2 && alias[0] == '-')
            {
                var at = 0;
                while (at < shorts.Count && shorts[at][1] < alias[1])
                {
                    at++;
                }
                shorts.Insert(at, alias);
            }
        }
        return shorts.Count > 0 ? string.Join(", ", shorts) + ", " + option.Name : option.Name;
    }

    private void Section(string title, List<Row> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }
        var column = 0;
        foreach (var row in rows)
        {
            column = Math.Max(column, row.Label.Length);
        }
        output.WriteLine(title);
        foreach (var row in rows)
        {
            output.Write("  ");
            output.Write(row.Label);
            if (row.Text.Length > 0)
            {
                Pad(column - row.Label.Length + 2);
                Wrapped(row.Text, column + 4);
            }
            output.WriteLine();
        }
        if (title != "Exit codes:")
        {
            output.WriteLine();
        }
    }

    private void Wrapped(string text, int indent)
    {
        var room = Math.Max(Narrowest, width - indent);
        while (text.Length > room && text.LastIndexOf(' ', room) is var at and > 0)
        {
            output.WriteLine(text[..at]);
            Pad(indent);
            text = text[(at + 1)..];
        }
        output.Write(text);
    }

    private void Pad(int count)
    {
        for (; count > 0; count -= Blank.Length)
        {
            output.Write(Blank[..Math.Min(count, Blank.Length)]);
        }
    }

    private sealed record Row(string Label, string Text);
}
