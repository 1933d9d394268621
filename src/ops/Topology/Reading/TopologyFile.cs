using Provost.Topology.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provost.Topology.Reading;

/// <summary>What a provost.yaml says: an installation, or everything that is wrong with the file.</summary>
/// <param name="Installation">Null when there are problems.</param>
/// <param name="Positions">Where each key that the file sets stands, by path ("sites.local.http.port").</param>
public sealed record TopologyFile(
    string File, Installation? Installation, IReadOnlyDictionary<string, Position> Positions, IReadOnlyList<TopologyProblem> Problems)
{
    private const int DeepestNesting = 32;

    /// <summary>No file at all: one site on this machine with every default.</summary>
    public static TopologyFile Defaults { get; } = new("provost.yaml", new Installation(), new Dictionary<string, Position>(), []);

    public static TopologyFile Read(string text, string file)
    {
        try
        {
            if (TooDeep(text) is { } mark)
            {
                return Refused(file, mark, "nested too deeply", $"no key of provost.yaml is nested deeper than {DeepestNesting} levels");
            }
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents switch
            {
                [] => Defaults with { File = file },
                [var only] => Read(only.RootNode, file),
                [_, var second, ..] => Refused(file, second.RootNode.Start, "a second document", "keep one installation in a file; remove the line ---"),
                _ => throw new InvalidOperationException("unreachable"),
            };
        }
        catch (YamlException e)
        {
            return Refused(file, e.Start, "not valid YAML: " + e.Message.TrimEnd('.'), "indent with spaces, write one key: value per line, quote text with special characters");
        }
    }

    private static TopologyFile Read(YamlNode root, string file)
    {
        var reader = new RecordReader(file);
        if (root is YamlScalarNode { Value: null or "" })
        {
            return Defaults with { File = file };
        }
        var installation = (Installation?)reader.Read(typeof(Installation), root, "");
        if (installation is not null && reader.Problems.Count == 0)
        {
            reader.Problems.AddRange(Contradictions.In(installation, file, reader.Positions));
        }
        TopologyProblem[] problems = [.. reader.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];
        return new TopologyFile(file, problems.Length == 0 ? installation : null, reader.Positions, problems);
    }

    // The representation model is built by recursion: without this, a line of ten thousand brackets ends the process.
    private static Mark? TooDeep(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > DeepestNesting + 2)
            {
                return parser.Current.Start;
            }
        }
        return null;
    }

    private static TopologyFile Refused(string file, Mark mark, string problem, string remedy) =>
        new(file, null, new Dictionary<string, Position>(), [new TopologyProblem(file, (int)mark.Line, (int)mark.Column, "", problem, remedy)]);
}
