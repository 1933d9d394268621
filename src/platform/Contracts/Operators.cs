namespace Provost.Contracts;

/// <param name="Schema">Version of the facts' schema that is in the store.</param>
/// <param name="SchemaMinimum">Oldest schema that this release works with.</param>
/// <param name="SchemaMaximum">Schema that this release brings.</param>
public sealed record OperatorVersion(string Release, int Schema, int SchemaMinimum, int SchemaMaximum);

/// <summary>Commits of every replica are held back until it is lowered, or falls by itself.</summary>
/// <param name="Token">Names it when it is lowered.</param>
/// <param name="Replicas">That stand still.</param>
public sealed record Fence(string Token, int Replicas, double Milliseconds);

/// <summary>How a fence ended.</summary>
/// <param name="Held">Whether it was up until now on every replica: only then is what was taken meanwhile one cut.</param>
/// <param name="StalledMilliseconds">How long a commit waited at most.</param>
public sealed record FenceEnd(bool Held, double StalledMilliseconds);
