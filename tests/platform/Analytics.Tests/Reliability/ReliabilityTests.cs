using Provost.Analytics.Reliability;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Reliability;

public class ReliabilityTests
{
    [Fact]
    public void Alpha_agrees_with_the_covariance_matrix()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var items = Items(random, 20 + random.Next(60), 3 + random.Next(8));
            Close.Equal(NaiveStatistics.Alpha(items), ReliabilityAnalysis.Alpha(items).Value, 1e-10);
        }
    }

    [Fact]
    public void Alpha_if_deleted_is_alpha_of_the_others()
    {
        var random = new Random(12);
        var items = Items(random, 80, 6);
        var (reliability, deleted) = ReliabilityAnalysis.Of(items, items);

        for (var j = 0; j < items.Length; j++)
            Close.Equal(NaiveStatistics.Alpha([.. items.Where((_, other) => other != j)]), deleted[j].Value, 1e-10);
        var total = Enumerable.Range(0, 80).Select(i => items.Sum(x => x[i]) / 6).ToArray();
        Close.Equal(NaiveStatistics.Sd(total) * Math.Sqrt(1 - reliability.Alpha.Value), reliability.StandardError.Value, 1e-10);
    }

    /// <summary>KR-20 = k/(k-1) (1 - sum p q / var_T) with variances that divide by n.</summary>
    [Fact]
    public void Right_and_wrong_give_KR_20()
    {
        var random = new Random(13);
        var ability = RandomCourse.Values(random, 120);
        var items = Enumerable.Range(0, 10).Select(_ => ability.Select(a => random.NextDouble() * 100 < a ? 100.0 : 0).ToArray()).ToArray();
        var scores = Enumerable.Range(0, 120).Select(i => items.Sum(x => x[i] / 100)).ToArray();
        var pq = items.Sum(x => x.Average() / 100 * (1 - x.Average() / 100));

        var (reliability, _) = ReliabilityAnalysis.Of(items, items);

        Assert.True(reliability.Dichotomous);
        Close.Equal(10.0 / 9 * (1 - pq / NaiveStatistics.Moment(scores, 2)), reliability.Alpha.Value, 1e-12);
    }

    /// <summary>Feldt's interval covers the population's alpha: parallel items of loading l give alpha = k l^2 / (1 + (k-1) l^2).</summary>
    [Fact]
    public void Feldts_interval_covers_what_it_says()
    {
        var random = new Random(14);
        const double loading = 0.7;
        var truth = 5 * loading * loading / (1 + 4 * loading * loading);
        var covered = 0;
        for (var round = 0; round < 600; round++)
        {
            var level = Enumerable.Range(0, 40).Select(_ => Normal(random)).ToArray();
            var items = Enumerable.Range(0, 5)
                .Select(_ => level.Select(l => 50 + 10 * (loading * l + Math.Sqrt(1 - loading * loading) * Normal(random))).ToArray()).ToArray();
            var alpha = ReliabilityAnalysis.Alpha(items);
            covered += alpha.Low <= truth && truth <= alpha.High ? 1 : 0;
        }

        Assert.InRange(covered, 550, 592);
    }

    [Fact]
    public void Twice_the_length_is_Spearman_and_Brown() => Assert.Equal(0.8, ReliabilityAnalysis.SpearmanBrown(2.0 / 3, 2), 1e-12);

    [Fact]
    public void Alpha_may_be_negative_and_is_not_clamped()
    {
        var random = new Random(15);
        var up = RandomCourse.Values(random, 40);
        double[][] items = [up, [.. up.Select(v => 100 - v + 5 * random.NextDouble())], RandomCourse.Values(random, 40)];

        Assert.True(ReliabilityAnalysis.Alpha(items).Value < 0);
    }

    [Fact]
    public void Students_with_a_gap_are_left_out()
    {
        var random = new Random(16);
        var items = Items(random, 50, 4);
        var gaps = items.Select(x => x.ToArray()).ToArray();
        gaps[1][7] = gaps[2][9] = double.NaN;

        var alpha = ReliabilityAnalysis.Alpha(gaps);

        Assert.Equal(48, alpha.N);
        Close.Equal(NaiveStatistics.Alpha([.. items.Select(x => x.Where((_, i) => i is not (7 or 9)).ToArray())]), alpha.Value, 1e-12);
    }

    [Fact]
    public void Too_little_is_said_so()
    {
        var random = new Random(17);
        double[][] flat = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Repeat(33.3, 30).ToArray())];

        Assert.Equal("needs 3 items, has 2", ReliabilityAnalysis.Alpha(Items(random, 40, 2)).Insufficient);
        Assert.Equal("needs 20 students with every item, has 19", ReliabilityAnalysis.Alpha(Items(random, 19, 4)).Insufficient);
        Assert.Equal("undefined: the totals do not vary", ReliabilityAnalysis.Alpha(flat).Insufficient);
        Assert.Equal("needs 3 items, has 0", ReliabilityAnalysis.Alpha([]).Insufficient);
    }

    private static double[][] Items(Random random, int n, int k)
    {
        var level = RandomCourse.Values(random, n);
        return [.. Enumerable.Range(0, k).Select(_ => level.Select(l => 0.6 * l + 40 * random.NextDouble()).ToArray())];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
