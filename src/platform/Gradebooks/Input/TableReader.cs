using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Input;

/// <summary>Bytes to table: encoding, delimiter, rows, all under the limits.</summary>
internal static class TableReader
{
    private const int SampleCharacters = 48 << 10;

    public static async Task<Table> ReadAsync(
        Stream stream, string fileName, ReadLimits limits, IProgress<ReadProgress>? progress, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        var characters = await ReadRowsAsync(stream, fileName, limits, new RowSink(rows, limits).Add, progress, cancellation);
        while (rows.Count > 0 && rows[^1].Cells.All(string.IsNullOrWhiteSpace))
            rows.RemoveAt(rows.Count - 1);
        if (rows.Count == 0)
            throw new GradebookError($"\"{Path.GetFileName(fileName)}\" has no text in it", "Export the gradebook again; the file has only blanks.");
        return new Table(fileName, characters.Encoding, DelimiterGuess.NameOf(characters.Delimiter), characters.EncodingIsGuess, rows);
    }

    /// <summary>Calls <paramref name="emit"/> for every row, holding one row at a time.</summary>
    public static async Task<(string Encoding, char Delimiter, bool EncodingIsGuess)> ReadRowsAsync(
        Stream stream, string fileName, ReadLimits limits, Action<Row> emit, IProgress<ReadProgress>? progress, CancellationToken cancellation)
    {
        var blocks = new CharacterBlocks(stream, fileName, limits);
        var (sample, wholeFile) = await SampleAsync(blocks, cancellation);
        var declared = DelimiterGuess.Declared(sample.AsSpan());
        var delimiter = declared ?? DelimiterGuess.Guess(sample.AsSpan(), wholeFile, limits);
        var skip = declared is not null;
        var tokenizer = new RowTokenizer(delimiter, limits, row =>
        {
            if (!skip)
                emit(row);
            skip = false;
        });
        tokenizer.Feed(sample.AsSpan());
        for (var block = await blocks.NextAsync(cancellation); !block.IsEmpty; block = await blocks.NextAsync(cancellation))
        {
            tokenizer.Feed(block.Span);
            progress?.Report(new ReadProgress(blocks.BytesRead, tokenizer.Rows));
        }
        tokenizer.Finish();
        progress?.Report(new ReadProgress(blocks.BytesRead, tokenizer.Rows));
        return (blocks.Decoding.Name, delimiter, blocks.Decoding.IsGuess);
    }

    private static async Task<(char[] Sample, bool WholeFile)> SampleAsync(CharacterBlocks blocks, CancellationToken cancellation)
    {
        var sample = new List<char>();
        while (sample.Count < SampleCharacters)
        {
            var block = await blocks.NextAsync(cancellation);
            if (block.IsEmpty)
                return ([.. sample], true);
            sample.AddRange(block.Span);
        }
        return ([.. sample], false);
    }

    // Keeps rows until the whole would not fit: the widest file times the longest one is not allowed together.
    private sealed class RowSink(List<Row> rows, ReadLimits limits)
    {
        private long cells;

        public void Add(Row row)
        {
            cells += row.Cells.Length;
            if (cells > limits.MaxCells)
                throw new GradebookError($"The file has more than {limits.MaxCells:N0} cells", "A gradebook is far smaller: check that this is the right file.", row.Line);
            rows.Add(row);
        }
    }
}
