namespace Provost.Topology.Reading;

/// <summary>Where a key stands in its file. Line and column count from 1.</summary>
public readonly record struct Position(int Line, int Column);
