using System.Text;

namespace Provost.Gradebooks.Tests;

public sealed class DetectionTests
{
    public static TheoryData<string> TextFixtures => [.. Directory.GetFiles(TestFiles.Fixtures, "*.csv").Select(Path.GetFileName).OfType<string>()
        .Where(name => !name.Contains("1252", StringComparison.Ordinal) && !name.StartsWith("sheet-semi", StringComparison.Ordinal) && !name.StartsWith("provost", StringComparison.Ordinal) && !name.Contains("sep", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static async Task<List<string[]>> Rows(string fixture)
    {
        var rows = new List<string[]>();
        await using var stream = File.OpenRead(Path.Combine(TestFiles.Fixtures, fixture));
        await Input.TableReader.ReadRowsAsync(stream, fixture, ReadLimits.Default, row => rows.Add(row.Cells), null, TestContext.Current.CancellationToken);
        return rows;
    }

    private static string Write(IEnumerable<string[]> rows, char delimiter) =>
        string.Concat(rows.Select(row => string.Join(delimiter, row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));

    [Theory]
    [MemberData(nameof(TextFixtures))]
    public async Task The_same_cells_mean_the_same_in_every_encoding_and_with_every_delimiter(string fixture)
    {
        var rows = await Rows(fixture);
        var expected = Assert.Single(await TestFiles.ReadAsync(Path.Combine(TestFiles.Fixtures, fixture)));
        foreach (var delimiter in ",;\t|")
            foreach (var encoding in new Encoding[] { new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UTF8Encoding(false) })
            {
                byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(Write(rows, delimiter))];
                using var stream = new MemoryStream(bytes);
                var book = Assert.Single(await GradebookReader.ReadAsync(stream, fixture, null, null, TestContext.Current.CancellationToken));
                Assert.Equal((expected.Format, Input.DelimiterGuess.NameOf(delimiter)), (book.Format, book.Delimiter));
                Assert.Equal(expected.Assessments, book.Assessments);
                Assert.Equal(expected.Students, book.Students);
                Assert.Equal(expected.Cells, book.Cells);
            }
    }

    [Theory]
    [InlineData("blackboard-original.csv", 7)]
    [InlineData("brightspace.csv", 5)]
    [InlineData("moodle-german.csv", 6)]
    public async Task Reordering_the_grade_columns_changes_nothing_but_the_order(string fixture, int firstGrade)
    {
        var rows = await Rows(fixture);
        var expected = Assert.Single(await TestFiles.ReadAsync(Path.Combine(TestFiles.Fixtures, fixture)));
        var width = rows[0].Length;
        for (var seed = 0; seed < 20; seed++)
        {
            var order = Enumerable.Range(firstGrade, width - firstGrade).ToArray();
            new Random(seed).Shuffle(order);
            int[] columns = [.. Enumerable.Range(0, firstGrade), .. order];
            var book = await TestFiles.ReadTextAsync(Write(rows.Select(row => columns.Select(c => row[c]).ToArray()), ','));
            Assert.Equal(expected.Format, book.Format);
            Assert.Equal(Facts(expected), Facts(book));
        }
    }

    [Fact]
    public async Task Reading_in_small_pieces_gives_the_same_as_in_one()
    {
        foreach (var path in Directory.GetFiles(TestFiles.Fixtures))
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var whole = GradebookReport.Of(await TestFiles.ReadAsync(path));
            // 4096 bytes and more come first, so that pieces end in the middle of rows, cells and letters.
            byte[] padded = [.. bytes];
            using var pieces = new LazyStream(padded.Length, at => padded[at]);
            using var slow = new SlowStream(pieces, 7);
            Assert.Equal(whole, GradebookReport.Of(await GradebookReader.ReadAsync(slow, Path.GetFileName(path), null, null, TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public async Task A_letter_cut_by_the_end_of_a_block_is_read_whole()
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UnicodeEncoding(false, true), Encoding.Latin1 })
        {
            var names = Enumerable.Range(0, 6_000).Select(i => new string('x', i % 7) + "Zoë" + i).ToList();
            var text = "Name,ID,Quiz\n" + string.Concat(names.Select((name, i) => $"{name},{i + 10},{i % 11}\n"));
            using var stream = new MemoryStream([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            var book = Assert.Single(await GradebookReader.ReadAsync(stream, "x.csv", null, null, TestContext.Current.CancellationToken));
            Assert.Equal(names, book.Students.Select(s => s.Name));
        }
    }

    private static List<string> Facts(Gradebook book) =>
        [.. book.Assessments.SelectMany((a, j) => book.Students.Select((s, i) => $"{s} {a.Name} {a.MaxScore} {a.Weight} {book.Cells[i * book.Assessments.Count + j]}")).Order(StringComparer.Ordinal)];

    // At most so many bytes a read, as a network gives them.
    private sealed class SlowStream(Stream inner, int most) : Stream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(most, count));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
