using System.Diagnostics;
using System.Text;

namespace Provost.Gradebooks.Tests;

/// <summary>Seeded: a failure names the case, and the case can be run again.</summary>
public sealed class FuzzTests
{
    private static readonly ReadLimits Tight = new(MaxBytes: 1 << 20, MaxFieldCharacters: 4096, MaxLineCharacters: 16384, MaxColumns: 256, MaxRows: 2000, MaxCells: 20_000);

    private static readonly string[] Splices =
        ["\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", "\0", "sep=;\n", "#provost,1\n", " [Total Pts: 10 Score] |12", "(read only)", "    Points Possible", "<Numeric MaxPoints:0>",
         "<Numeric MaxPoints:1e999>", "(Real)", "(99999999999999999999)", "1e308", "-1e-320", "NaN", "∞", "0/0", "1/1e-300", "%", "EX", "=1+1", "\uFEFF", "#max", "#due", "@", "on 1e999", "transferred", "Student", "ID", "Total", "9999999999"];

    [Fact]
    public async Task Mutated_fixtures_raise_nothing_but_the_gradebook_error()
    {
        var fixtures = Directory.GetFiles(TestFiles.Fixtures).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 4_000; seed++)
            _ = await Survives(Mutate(fixtures[seed % fixtures.Count], new Random(seed)), seed) ? read++ : refused++;
        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused: the mutations should give both");
    }

    [Fact]
    public async Task Random_bytes_raise_nothing_but_the_gradebook_error()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 4096)];
            random.NextBytes(bytes);
            await Survives(bytes, seed);
        }
    }

    [Fact]
    public async Task Random_tables_raise_nothing_but_the_gradebook_error()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Join("\n", Enumerable.Range(0, random.Next(1, 12)).Select(_ => string.Join(",", Enumerable.Range(0, random.Next(1, 8)).Select(_ => Splices[random.Next(Splices.Length)]))));
            await Survives(Encoding.UTF8.GetBytes(text), seed);
        }
    }

    [Fact]
    public async Task Mutated_zips_raise_nothing_but_the_gradebook_error()
    {
        var zip = HostileInputTests.Zip(("grades.csv", "Name,Quiz\nAda,10\nBo,9\n"u8.ToArray()));
        for (var seed = 0; seed < 500; seed++)
            await Survives(Mutate(zip, new Random(seed)), seed);
    }

    // True when it was read. Anything but GradebookError fails the test by leaving this method.
    private static async Task<bool> Survives(byte[] bytes, int seed)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            using var stream = new MemoryStream(bytes);
            var books = await GradebookReader.ReadAsync(stream, "fuzz.csv", Tight, null, TestContext.Current.CancellationToken);
            Assert.All(books, book => Assert.Equal(book.Students.Count * book.Assessments.Count, book.Cells.Length));
            Assert.All(books.SelectMany(book => book.Assessments), a => Assert.True(a.MaxScore > 0 && double.IsFinite(a.MaxScore) && a.Weight >= 0 && double.IsFinite(a.Weight), $"seed {seed}: {a}"));
            Assert.All(books.SelectMany(book => book.Cells), cell => Assert.Equal(cell.State == Analytics.Cells.CellState.Graded, double.IsFinite(cell.Score)));
            Assert.All(books, book => Assert.Equal(book.Students.Count, book.Students.Select(s => s.SourceId).Distinct().Count()));
            return true;
        }
        catch (GradebookError error)
        {
            Assert.NotEmpty(error.Remedy);
            return false;
        }
        catch (Exception problem) when (problem is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {seed}: {problem.GetType().Name} left the reader", problem);
        }
        finally
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"seed {seed} took {watch.Elapsed}");
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Splices[random.Next(Splices.Length)])); break;
                case 3: bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 0).Concat(bytes.Take(random.Next(1, 80)))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
