using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Risk;

namespace Provost.Analytics.Backtests;

/// <summary>What an institution's own finished courses taught, once there are enough of them; what was published until then.</summary>
/// <param name="Used">Fitted by <see cref="Backtest.Fit"/> on the courses, or <see cref="Calibration.Default"/>.</param>
/// <param name="Shortfall">Why the default holds, in plain words; null when <paramref name="Used"/> is the institution's own.</param>
public sealed record OwnCalibration(Calibration Used, string? Shortfall)
{
    /// <summary>Courses with due days that a fit needs: one alone would teach its own habits.</summary>
    public const int Courses = 2;

    /// <summary>Students in them.</summary>
    public const int Students = 200;

    /// <summary>Of these, at least so many who passed, and as many who failed or withdrew.</summary>
    public const int OfEachEnding = 30;

    public bool IsOwn => Shortfall is null;

    /// <summary>Fits where the courses are enough and the fit makes sense. Deterministic: the same courses in the same order give the same bits.</summary>
    /// <param name="courses">Finished courses; those without due days or coursework are left out.</param>
    public static OwnCalibration Of(IReadOnlyList<FinishedCourse> courses)
    {
        FinishedCourse[] usable = [.. courses.Where(course => CalibrationFit.Days(course).Any())];
        var students = usable.Sum(course => course.Students.Count);
        var failed = usable.Sum(course => course.Students.Count(student => student.Failed));
        if (usable.Length < Courses || students < Students)
            return Default($"needs {Courses} finished courses with due dates and {Students} students, has {usable.Length} with {students}");
        if (Math.Min(failed, students - failed) < OfEachEnding)
            return Default($"needs {OfEachEnding} students who passed and {OfEachEnding} who failed or withdrew, has {students - failed} and {failed}");
        var fit = Backtest.Fit(usable, $"{usable.Length} finished courses of this installation with {students} students");
        return IsSound(fit.Risk) && IsSound(fit.Rest)
            ? new(fit, null)
            : Default("the finished courses do not fit it: there, a higher score or mark does not mean more of the same");
    }

    private static OwnCalibration Default(string shortfall) => new(Calibration.Default, shortfall);

    /// <summary>A higher score must mean a higher risk, at the start of a course and at its end.</summary>
    private static bool IsSound(RiskCurve curve) =>
        double.IsFinite(curve.Intercept + curve.InterceptByProgress + curve.Timing + curve.NothingDue) && curve.SlopeAt(0) > 0 && curve.SlopeAt(1) > 0;

    private static bool IsSound(RestCurve curve) => double.IsFinite(curve.Keep + curve.KeepByProgress + curve.Rho) && curve.Keep > 0;
}
