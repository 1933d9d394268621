namespace Provost.Contracts;

/// <param name="Counts">Students per bin; bins are equally wide from Minimum to Maximum.</param>
/// <param name="Flags">Plain words: "skewed to the left", "two groups", "ceiling", "outliers: 3".</param>
public sealed record DistributionView(
    int N, double Minimum, double Maximum, IReadOnlyList<int> Counts, Estimate Mean, Estimate Median, Estimate StandardDeviation,
    Estimate InterquartileRange, Estimate Skewness, Estimate ExcessKurtosis, Estimate NormalityP, Estimate Bimodality,
    double CeilingShare, double FloorShare, IReadOnlyList<string> Flags);

public sealed record AssessmentDistribution(string Assessment, string Name, DistributionView Distribution);

/// <param name="Facility">Mean score / maximum, 0 to 1.</param>
/// <param name="Discrimination">Corrected item-total correlation with Fisher's interval.</param>
/// <param name="UpperLower">Kelley's index: facility of the top 27 % less that of the bottom 27 %.</param>
/// <param name="Label">Ebel's words: "very good", "good", "marginal", "poor", "check the key"; null when insufficient.</param>
/// <param name="AlphaIfDeleted">Reliability of the rest.</param>
public sealed record ItemQuality(
    string Assessment, string Name, string Kind, double Weight, Estimate Facility, Estimate Discrimination, Estimate UpperLower,
    string? Label, Estimate AlphaIfDeleted);

public sealed record ItemQualityView(CourseSummary Course, IReadOnlyList<ItemQuality> Items, ReliabilityView Reliability);

/// <param name="Alpha">Cronbach's alpha (KR-20 when dichotomous), complete cases, Feldt's interval.</param>
/// <param name="StandardErrorOfMeasurement">In points of the total.</param>
public sealed record ReliabilityView(Estimate Alpha, Estimate StandardErrorOfMeasurement, int Items, bool Dichotomous, string Note);

/// <summary>How the risk list and the forecast did on finished courses. Keys are days (28 ... 140) or shares of weight done (25, 50, 75).</summary>
/// <param name="Source">Which courses the figures are from, and how they were judged.</param>
/// <param name="Calibration">What turns scores into risks now, and why not the institution's own courses when it is not; null where nobody asked.</param>
/// <param name="InSample">The figures flatter: the calibration was fitted on the very courses that they are from.</param>
public sealed record BacktestCard(
    IReadOnlyDictionary<string, double?> Auc, IReadOnlyDictionary<string, double?> Ece, IReadOnlyDictionary<string, double?> PrecisionTop20,
    IReadOnlyDictionary<string, ForecastAccuracy> Forecast, string Source,
    string? Calibration = null, bool InSample = false);

/// <param name="Mae">Mean absolute error, points.</param>
/// <param name="Coverage">Share of the outcomes inside the 90 % interval.</param>
/// <param name="HalfWidth">Mean half width of that interval, points.</param>
public sealed record ForecastAccuracy(double? Mae, double? Coverage, double? HalfWidth);

/// <summary>One student, for those who may see the row.</summary>
/// <param name="Start">First day of the course, so that due days can be shown as dates.</param>
public sealed record StudentView(
    CourseSummary Course, string Student, string? Name, string? Section, RiskRow Risk, IReadOnlyList<StudentCell> Cells,
    Estimate Trend, Estimate LeastSquaresTrend, ConsistencyView Consistency, SubmissionView Submission, ForecastView Forecast,
    DateOnly? Start = null);

/// <param name="State">graded, missing, excused, pending or notDue.</param>
/// <param name="Score">Per cent of the maximum; null unless graded.</param>
/// <param name="ClassMedian">Per cent; null below the floor, and always null on a student's own page.</param>
public sealed record StudentCell(
    string Assessment, string Name, string Kind, string State, double? Score, double? Points, double MaxScore, double Weight, double? DueDay,
    double? SubmittedDay, bool Late, double? ClassMedian, bool ExtraCredit);

/// <param name="Score">100 = the steadiest of the class.</param>
/// <param name="Streak">Consecutive moves larger than the measurement error in one direction; negative = down.</param>
public sealed record ConsistencyView(Estimate StandardDeviation, Estimate Rmssd, Estimate Score, int Streak);

public sealed record SubmissionView(
    int Submitted, int Late, int Missing, Estimate OnTimeRate, Estimate LateRate, Estimate MedianLagHours, double? LastMinuteShare, bool ChronicallyLate);

/// <param name="Floor">Final mark with 0 on the rest.</param>
/// <param name="Ceiling">Final mark with 100 on the rest.</param>
/// <param name="Final">The forecast with its 90 % interval.</param>
/// <param name="WeightDone">Share of the course's weight that is graded or missing, 0 to 1.</param>
public sealed record ForecastView(Estimate Final, double Floor, double Ceiling, double WeightDone, string Method);

/// <summary>A student's own view: own cells, own forecast, a band only where the course allows it and n is at least 10.</summary>
/// <param name="Band">"upper third", "middle third", "lower third"; null unless the student opted in and the class is large enough.</param>
/// <param name="NextDue">The next due work, soonest first.</param>
public sealed record StandingView(
    CourseSummary Course, string Student, string? Name, IReadOnlyList<StudentCell> Cells, ForecastView Forecast, Estimate Trend,
    SubmissionView Submission, string? Band, bool BandOptIn, IReadOnlyList<StudentCell> NextDue, CourseSettings Settings,
    double? AsOfDay = null, ClassModel? Model = null, ForecastCalibration? Calibration = null);

/// <summary>What the class says about one student's rest: aggregates, so that the browser's what-if equals the server's forecast.</summary>
/// <param name="ClassMean">Per cent; 0 unless the forecast pulls towards it: students see no figure of the class that they do not need.</param>
/// <param name="BetweenVariance">Of the students' levels, points squared.</param>
/// <param name="WithinVariance">Of one student's scores around the own level, points squared.</param>
/// <param name="Students">That it was taken from.</param>
public sealed record ClassModel(double ClassMean, double BetweenVariance, double WithinVariance, int Students);

/// <summary>What finished courses taught about the rest of a course: with it the browser's what-if equals the server's forecast.</summary>
/// <param name="Keep">Share of their mark that students keep on the rest, at the start of a course.</param>
/// <param name="KeepByProgress">What that share gains to the end.</param>
/// <param name="Rho">Share that those keep whose latest work is missing.</param>
/// <param name="Shrinkage">How much of the pull to the class mean is taken, 0 to 1.</param>
/// <param name="N">Student snapshots that it was fitted on.</param>
/// <param name="Source">Which courses, in plain words.</param>
public sealed record ForecastCalibration(
    double Keep, double KeepByProgress, double Rho, double Shrinkage, int N, IReadOnlyList<ResidualBucket> Residuals, string Source);

/// <param name="From">Share of the weight done from which it holds, 0 to 1.</param>
/// <param name="LastMissing">For students whose latest work is missing.</param>
/// <param name="HalfWidth">Of the 90 % interval around the mean of the rest, points.</param>
/// <param name="N">Forecasts that it was taken from.</param>
public sealed record ResidualBucket(double From, bool LastMissing, double HalfWidth, int N);

public sealed record BandChoice(bool OptIn);
