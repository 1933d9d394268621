namespace Provost.Api.Privacy;

/// <summary>One line of the erasure ledger. Each proof covers the line before it: a line cannot be changed or taken out unseen.</summary>
/// <param name="Students">course/key of the erased pseudonyms.</param>
/// <param name="Previous">Proof of the line before; empty for the first.</param>
internal sealed record ErasureLine(
    string Id, DateTimeOffset At, string By, IReadOnlyList<string> Students, int Names, int Cells, int Accounts, string Previous, string Proof);
