using System.Text;
using Provost.Analytics.Cells;
using Provost.Api.Facts;

namespace Provost.Api.Tests.Facts;

public sealed class ColumnOrderTests
{
    private static readonly Assessment[] Assessments = [.. Enumerable.Range(0, 12).Select(i => new Assessment($"a{i}", $"A {i}", 100, 1, null, "", false))];

    [Fact]
    public void Rows_in_the_same_order_are_looked_up_for_the_first_student_alone()
    {
        var order = new ColumnOrder(Assessments);
        int[] rows = [3, 1, 4, 0, 5, 9, 2, 6];

        var lookedUp = Enumerable.Range(0, 10).Select(_ => rows.Count(j => Find(order, j) == -1)).ToArray();

        Assert.Equal(rows.Length, lookedUp[0]);
        Assert.InRange(lookedUp[1], 0, 1);
        Assert.All(lookedUp[2..], count => Assert.Equal(0, count));
    }

    [Fact]
    public void A_guess_is_never_wrong()
    {
        var (order, random) = (new ColumnOrder(Assessments), new Random(7));
        for (var i = 0; i < 5000; i++)
        {
            var j = random.Next(Assessments.Length + 2);
            Assert.Contains(Find(order, j), (int[])[-1, j]);
        }
    }

    [Fact]
    public void Without_assessments_nothing_is_guessed() => Assert.Equal(-1, new ColumnOrder([]).Guess("a1"u8));

    /// <returns>What was guessed; the right one is learned when nothing was. Numbers beyond the assessments are of none.</returns>
    private static int Find(ColumnOrder order, int j)
    {
        var guess = order.Guess(Encoding.UTF8.GetBytes($"a{j}"));
        if (guess < 0)
            order.Learn(j < Assessments.Length ? j : -1);
        return guess;
    }
}
