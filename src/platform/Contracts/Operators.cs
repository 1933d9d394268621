namespace Provost.Contracts;

/// <param name="Schema">Version of the facts' schema that is in the store.</param>
/// <param name="SchemaMinimum">Oldest schema that this release works with.</param>
/// <param name="SchemaMaximum">Schema that this release brings.</param>
public sealed record OperatorVersion(string Release, int Schema, int SchemaMinimum, int SchemaMaximum);
