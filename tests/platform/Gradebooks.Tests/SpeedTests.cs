using System.Diagnostics;
using System.Text;

namespace Provost.Gradebooks.Tests;

public sealed class SpeedTests
{
    [Fact]
    public async Task A_gradebook_of_500_students_and_60_assessments_is_read_well_within_its_budget()
    {
        var random = new Random(7);
        var text = new StringBuilder("Student,ID,SIS Login ID,Section");
        for (var j = 0; j < 60; j++)
            text.Append($",\"Assignment {j}, part A ({4_000_000 + j})\"");
        text.Append("\n    Points Possible,,,").Append(string.Concat(Enumerable.Repeat(",20.00", 60))).Append('\n');
        for (var i = 0; i < 500; i++)
            text.Append($"\"Student {i}, Given\",{i + 1},login{i},Section {i % 5}").Append(string.Concat(Enumerable.Range(0, 60).Select(_ => "," + (random.Next(10) == 0 ? "" : (random.Next(41) / 2.0).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture))))).Append('\n');
        var source = text.ToString();
        var best = TimeSpan.MaxValue;
        for (var n = 0; n < 5; n++)
        {
            var watch = Stopwatch.StartNew();
            var book = await TestFiles.ReadTextAsync(source);
            best = watch.Elapsed < best ? watch.Elapsed : best;
            Assert.Equal(30_000, book.Cells.Length);
        }
        // The best of five: other tests and other programs share the processors.
        TestContext.Current.SendDiagnosticMessage($"500 x 60: {best.TotalMilliseconds:0} ms");
        Assert.InRange(best.TotalSeconds, 0, 2);
    }
}
