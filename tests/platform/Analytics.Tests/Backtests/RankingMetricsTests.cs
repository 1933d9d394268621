using Provost.Analytics.Backtests;

namespace Provost.Analytics.Tests.Backtests;

public class RankingMetricsTests
{
    [Fact]
    public void Auc_counts_pairs_and_ties_half()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var n = 2 + random.Next(40);
            var p = Enumerable.Range(0, n).Select(_ => random.Next(8) / 8.0).ToArray();
            var y = Enumerable.Range(0, n).Select(i => i == 0 || i > 1 && random.Next(2) == 0).ToArray();
            double wins = 0, pairs = 0;
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    if (!y[i] || y[j])
                        continue;
                    pairs++;
                    wins += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
                }
            }

            Assert.Equal(wins / pairs, RankingMetrics.Auc(p, y)!.Value, 1e-12);
        }
    }

    [Fact]
    public void Auc_of_one_group_is_unknown()
    {
        Assert.Null(RankingMetrics.Auc([0.1, 0.2], [true, true]));
        Assert.Null(RankingMetrics.Auc([], []));
    }

    [Fact]
    public void Calibration_error_weighs_the_bins_by_their_sizes()
    {
        // Bin .1: mean .15, share 0 (2 students); bin .9: mean .95, share .5 (2 students); 1 belongs to the last bin.
        var error = RankingMetrics.ExpectedCalibrationError([0.12, 0.18, 0.9, 1.0], [false, false, true, false]);

        Assert.Equal((2 * 0.15 + 2 * 0.45) / 4, error!.Value, 1e-12);
    }

    [Fact]
    public void Precision_shares_a_place_among_the_tied()
    {
        double[] p = [0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];

        Assert.Equal((1 + 1 / 3.0) / 2, RankingMetrics.PrecisionAtTop(p, [true, true, false, false, false, false, false, false, false, false], 0.2)!.Value, 1e-12);
        Assert.Null(RankingMetrics.PrecisionAtTop([0.5, 0.1], [true, false], 0.2));
    }
}
