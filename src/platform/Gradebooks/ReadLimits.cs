namespace Provost.Gradebooks;

/// <summary>How much a file may ask for before reading stops with a <see cref="GradebookError"/>. The defaults hold far more than any real course.</summary>
/// <param name="MaxBytes">Bytes of text of one file, after decompression.</param>
/// <param name="MaxFieldCharacters">Characters of one cell (feedback is the longest).</param>
/// <param name="MaxLineCharacters">Characters of one row, quoted line breaks included.</param>
/// <param name="MaxColumns">Columns of one row.</param>
/// <param name="MaxRows">Rows of one gradebook.</param>
/// <param name="MaxCells">Cells that one gradebook keeps in memory.</param>
/// <param name="MaxZipEntries">Files in one zip.</param>
/// <param name="MaxZipRatio">Bytes that one compressed byte may become.</param>
public sealed record ReadLimits(
    long MaxBytes = 512L << 20,
    int MaxFieldCharacters = 128 << 10,
    int MaxLineCharacters = 2 << 20,
    int MaxColumns = 4_096,
    int MaxRows = 100_000,
    int MaxCells = 4_000_000,
    int MaxZipEntries = 1_000,
    int MaxZipRatio = 200)
{
    public static ReadLimits Default { get; } = new();
}
