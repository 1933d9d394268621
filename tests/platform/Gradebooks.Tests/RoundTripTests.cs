using System.Text;
using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Tests;

public sealed class RoundTripTests
{
    private static readonly string[] Names =
        ["Ada", "O'Neil", "=1+1", "+49", "-dash", "@home", "'quoted", "#hash", "Smith, Jo", "say \"hi\"", "Zoë Ł", "two\nlines", "山田", "a", "id", "email", "Quiz 1", "Points Possible", "Total", "'=x", "''", "1,5", "missing"];

    [Fact]
    public async Task What_is_written_is_read_back_equal()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var book = Random(new Random(seed));
            var text = new StringWriter();
            GradebookWriter.Write(book, text);
            var read = await TestFiles.ReadTextAsync(text.ToString());
            Assert.Equal((seed, book.CourseName, book.AsOfDay), (seed, read.CourseName, read.AsOfDay));
            Assert.Equal(book.Assessments, read.Assessments);
            Assert.Equal(book.Students, read.Students);
            Assert.Equal(book.Cells, read.Cells);
            Assert.Empty(read.Guesses);
        }
    }

    [Fact]
    public async Task No_cell_of_the_written_file_is_a_formula()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var text = new StringWriter();
            GradebookWriter.Write(Random(new Random(seed)), text);
            var rows = await Rows(text.ToString());
            Assert.All(rows.SelectMany(row => row), cell => Assert.False(cell.Length > 0 && cell[0] is '=' or '+' or '@' or '\t' or '\r' || cell is ['-', not (>= '0' and <= '9'), ..], cell));
        }
    }

    [Fact]
    public async Task A_gradebook_from_any_fixture_survives_our_own_format()
    {
        foreach (var path in Directory.GetFiles(TestFiles.Fixtures))
        {
            var book = Assert.Single(await TestFiles.ReadAsync(path));
            var text = new StringWriter();
            GradebookWriter.Write(book, text);
            var read = await TestFiles.ReadTextAsync(text.ToString());
            Assert.Equal(book.Assessments, read.Assessments);
            Assert.Equal(book.Students, read.Students);
            Assert.Equal(book.Cells, read.Cells);
        }
    }

    private static async Task<List<string[]>> Rows(string text)
    {
        var rows = new List<string[]>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Input.TableReader.ReadRowsAsync(stream, "x.csv", ReadLimits.Default, row => rows.Add(row.Cells), null, TestContext.Current.CancellationToken);
        return rows;
    }

    private static Gradebook Random(Random random)
    {
        var assessments = Enumerable.Range(0, random.Next(1, 8)).Select(j => new Assessment(
            Name(random) + j, Name(random), random.Next(1, 4) switch { 1 => 10, 2 => 0.1 + random.NextDouble() * 99, _ => 33 }, random.NextDouble() * 50,
            random.Next(2) == 0 ? null : Math.Round(random.NextDouble() * 200, 3), random.Next(2) == 0 ? "" : Name(random), random.Next(5) == 0)).ToList();
        var students = Enumerable.Range(0, random.Next(1, 12)).Select(i => new GradebookStudent(
            Name(random) + i, Name(random), Maybe(random), Maybe(random), Maybe(random),
            random.Next(3) == 0 ? (FinalResult)random.Next(4) : null, random.Next(4) == 0 ? random.Next(-50, 200) / 4.0 : null)).ToList();
        var cells = Enumerable.Range(0, assessments.Count * students.Count).Select(_ => Cell(random)).ToArray();
        return new Gradebook("provost", "UTF-8", "comma", Maybe(random), assessments, students, cells, random.Next(2) == 0 ? null : random.NextDouble() * 100, [], [], []);
    }

    private static Cell Cell(Random random)
    {
        double? day = random.Next(2) == 0 ? null : random.NextDouble() * 300 - 20;
        var state = (CellState)random.Next(5);
        var score = random.Next(4) switch { 0 => 0, 1 => 100, 2 => random.Next(0, 250) * 0.5, _ => random.NextDouble() * 130 - 10 };
        return new Cell(state, state == CellState.Graded ? score : double.NaN, day, random.Next(6) == 0);
    }

    // Cells are trimmed when they are read, and line breaks become blanks: names without either come back as they were.
    private static string Name(Random random) => Names[random.Next(Names.Length)].Replace('\n', ' ');

    private static string? Maybe(Random random) => random.Next(2) == 0 ? null : Name(random);
}
