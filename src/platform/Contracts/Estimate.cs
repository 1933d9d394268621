namespace Provost.Contracts;

/// <summary>A number with what is needed to judge it. Value is null when there is too little data, and then Insufficient says why.</summary>
/// <param name="Value">The estimate in the unit its owner documents.</param>
/// <param name="N">Observations used.</param>
/// <param name="Low">Lower end of the interval; null where the method has none.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Insufficient">Plain words, such as "needs 20 students, has 7"; null when there is a value.</param>
public sealed record Estimate(double? Value, int N, double? Low = null, double? High = null, string? Insufficient = null);
