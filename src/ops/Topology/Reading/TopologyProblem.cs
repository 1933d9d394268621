using System.Globalization;

namespace Provost.Topology.Reading;

/// <summary>One thing wrong in provost.yaml: where, what, what to do. Line and column count from 1.</summary>
public sealed record TopologyProblem(string File, int Line, int Column, string Key, string Problem, string Remedy)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {(Key.Length == 0 ? "" : Key + ": ")}{Problem}. {Remedy}.");
}
