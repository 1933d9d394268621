using Provost.Analytics.Distributions;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Items;
using Provost.Analytics.Risk;
using Provost.Analytics.Submissions;
using Provost.Analytics.Trends;
using Named = System.Collections.Generic.KeyValuePair<string, double>;

namespace Provost.Analytics.Insights;

/// <summary>Insights as a flat list of named numbers. Estimates give value, n, low and high; booleans 0 or 1.</summary>
internal static class FlatInsights
{
    public static IEnumerable<Named> Of(CourseInsights course)
    {
        IEnumerable<IEnumerable<Named>> parts =
        [
            One("progress", course.Progress),
            Of("classMean", course.ClassMean),
            Of("marks", course.Marks),
            Of("classTrend", course.ClassTrend),
            Of("reliability.alpha", course.Reliability.Alpha),
            Of("reliability.alphaMissingAsZero", course.Reliability.AlphaMissingAsZero),
            Of("reliability.standardError", course.Reliability.StandardError),
            Of("reliability.doubleLength", course.Reliability.DoubleLength),
            One("model.classMean", course.ForecastModel.ClassMean),
            One("model.between", course.ForecastModel.BetweenVariance),
            One("model.within", course.ForecastModel.WithinVariance),
            .. course.Assessments.Select((a, j) => Of($"assessment{j}", a.Item).Concat(Of($"assessment{j}.scores", a.Scores))),
            .. course.Students.Select((s, i) => Of($"student{i}", s)),
        ];
        return parts.SelectMany(part => part);
    }

    private static IEnumerable<Named> Of(string name, StudentInsights student)
    {
        IEnumerable<IEnumerable<Named>> parts =
        [
            Of($"{name}.mark", student.CurrentMark),
            Of($"{name}.risk", student.Risk),
            Of($"{name}.trend", student.Trend),
            Of($"{name}.consistency.sd", student.Consistency.StandardDeviation),
            Of($"{name}.consistency.rmssd", student.Consistency.Rmssd),
            Of($"{name}.consistency.score", student.Consistency.Score),
            One($"{name}.consistency.streak", student.Consistency.Streak),
            Of($"{name}.submission", student.Submission),
            Of($"{name}.forecast", student.Forecast),
        ];
        return parts.SelectMany(part => part);
    }

    private static IEnumerable<Named> Of(string name, RiskScore risk)
    {
        IEnumerable<IEnumerable<Named>> parts =
        [
            Of($"{name}.probability", risk.Probability),
            One($"{name}.score", risk.Score),
            One($"{name}.rank", risk.Rank),
            One($"{name}.withinCapacity", risk.WithinCapacity ? 1 : 0),
            .. risk.Reasons.Select(r => One($"{name}.{r.Kind}.contribution", r.Contribution)),
        ];
        return parts.SelectMany(part => part);
    }

    private static IEnumerable<Named> Of(string name, SubmissionBehaviour behaviour) =>
    [
        .. Of($"{name}.onTime", behaviour.OnTimeRate),
        .. Of($"{name}.late", behaviour.LateRate),
        .. Of($"{name}.missing", behaviour.MissingRate),
        .. Of($"{name}.medianLag", behaviour.MedianLagHours),
        .. Of($"{name}.lastMinute", behaviour.LastMinuteShare),
    ];

    private static IEnumerable<Named> Of(string name, Forecast forecast) =>
    [
        .. Of($"{name}.final", forecast.Final),
        .. One($"{name}.floor", forecast.Floor),
        .. One($"{name}.ceiling", forecast.Ceiling),
        .. One($"{name}.weightDone", forecast.WeightDone),
        .. One($"{name}.restMean", forecast.RestMean),
    ];

    private static IEnumerable<Named> Of(string name, Trend trend) =>
    [
        .. Of($"{name}.slope", trend.Slope),
        .. Of($"{name}.leastSquares", trend.LeastSquares),
        .. One($"{name}.mannKendallP", trend.MannKendallP),
    ];

    private static IEnumerable<Named> Of(string name, ItemStatistics item) =>
    [
        .. Of($"{name}.facility", item.Facility),
        .. Of($"{name}.discrimination", item.Discrimination),
        .. Of($"{name}.pointBiserial", item.PointBiserial),
        .. Of($"{name}.upperLower", item.UpperLower),
        .. Of($"{name}.alphaIfDeleted", item.AlphaIfDeleted),
    ];

    private static IEnumerable<Named> Of(string name, Distribution d) =>
    [
        .. Of($"{name}.mean", d.Mean),
        .. Of($"{name}.median", d.Median),
        .. Of($"{name}.sd", d.StandardDeviation),
        .. Of($"{name}.iqr", d.InterquartileRange),
        .. Of($"{name}.skewness", d.Skewness),
        .. Of($"{name}.kurtosis", d.ExcessKurtosis),
        .. Of($"{name}.normalityP", d.NormalityP),
        .. Of($"{name}.bimodality", d.Bimodality),
        .. One($"{name}.outliers", d.Outliers.Count),
        .. One($"{name}.ceiling", d.CeilingShare),
        .. One($"{name}.floor", d.FloorShare),
    ];

    private static Named[] Of(string name, Estimate estimate) =>
    [
        new($"{name}.value", estimate.Value), new($"{name}.n", estimate.N), new($"{name}.low", estimate.Low), new($"{name}.high", estimate.High),
    ];

    private static Named[] One(string name, double value) => [new(name, value)];
}
