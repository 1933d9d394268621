namespace Provost.Web.Display;

/// <summary>What a number means, in words for a teacher or a student, and where its formula comes from.</summary>
public sealed record Term(string Name, string Text, string Source)
{
    public static readonly Term Risk = new("Risk",
        "How often students with such marks failed or withdrew on finished courses. Made of the current mark (45 %), missing work (25 %), the last due item (20 %) and late work (10 %), and of how early work is handed in where dates are known. A prompt to talk to somebody, not a verdict.",
        "Weighted composite, calibrated with Platt scaling on finished courses.");

    public static readonly Term Reasons = new("Reasons",
        "The parts of the risk that set this student apart from the class median, largest first.",
        "Each weighted part less the class median's part.");

    public static readonly Term CurrentMark = new("Current mark",
        "Weighted mean of everything that is due so far. Missing work counts 0 unless the course's settings say otherwise; excused work is left out.",
        "Weighted mean of the due cells.");

    public static readonly Term Trend = new("Trend",
        "Change per week compared with the class, so that a hard exam is not a decline. An arrow is shown only when the 95 % interval leaves out zero. Needs 4 marks.",
        "Theil–Sen slope of class-relative scores, interval after Sen (1968).");

    public static readonly Term LeastSquares = new("Least-squares trend",
        "The same change per week by ordinary least squares. One odd mark moves it more than the trend above; where both agree you can be surer.",
        "Ordinary least squares on class-relative scores.");

    public static readonly Term Forecast = new("Forecast of the final mark",
        "What is done plus an expectation for the rest. The range is wide enough to have held the final mark of about 9 in 10 comparable students.",
        "Empirical-Bayes mean of the rest; 90 % interval by split conformal prediction.");

    public static readonly Term ClassMean = new("Class mean",
        "Mean of the students' current marks, with its 95 % interval.", "Arithmetic mean.");

    public static readonly Term ClassTrend = new("Class trend",
        "Change of the class median per week. Assessments differ in difficulty, so read it with the item page at hand.",
        "Ordinary least squares on the class medians.");

    public static readonly Term GradedShare = new("Graded", "Share of the due work that has a mark.", "Graded cells / due cells.");

    public static readonly Term Missing = new("Missing", "Due date and grace have passed and nothing was submitted.", "Count of missing cells.");

    public static readonly Term Pending = new("To grade", "Submitted and waiting for a mark. Left out of every number until it has one.", "Count of pending cells.");

    public static readonly Term AtRisk = new("At risk",
        "Students whose probability of failing or withdrawing is one half or more.", "Calibrated probability, at least 0.5.");

    public static readonly Term Capacity = new("Capacity",
        "The share of the class that you have time to contact. It decides how long the list is, not how it is ordered.", "Set per course.");

    public static readonly Term Backtest = new("Backtest",
        "The same list made with the past data of finished courses, then compared with how those courses ended.",
        "Only rows dated before each day are used.");

    public static readonly Term Auc = new("AUC",
        "Take one student who failed or withdrew and one who passed: how often the first had the higher risk. 0.5 is chance, 1 is perfect.",
        "Area under the ROC curve.");

    public static readonly Term Ece = new("ECE",
        "How far the stated risks lay from what happened, on average: with 0.05, of students at a risk of 40 % between 35 and 45 in 100 failed or withdrew.",
        "Expected calibration error, 10 bins of equal width.");

    public static readonly Term Facility = new("Facility",
        "Mean score divided by the maximum. 1 means everybody had full marks.", "Classical test theory.");

    public static readonly Term Discrimination = new("Discrimination",
        "Whether students who do well elsewhere do well here. Below 0.20 it tells little; below 0 the answer key or the question may be wrong. Needs 20 students.",
        "Corrected item–total correlation (Henrysson 1963), interval by Fisher's z, words after Ebel.");

    public static readonly Term UpperLower = new("Upper–lower index",
        "Facility among the best 27 % less facility among the weakest 27 %.", "Kelley (1939).");

    public static readonly Term Alpha = new("Reliability",
        "How far the marks would repeat with other questions of the same kind. A lower bound, and it rises with the number of items.",
        "Cronbach's alpha, complete cases, interval after Feldt (1965).");

    public static readonly Term AlphaIfDeleted = new("Reliability without it",
        "Reliability of the other items. Higher than with it: the item pulls against the rest.", "Cronbach's alpha of the rest.");

    public static readonly Term Sem = new("Measurement error",
        "How far a total may lie from the true level by chance alone, in points of the total.", "Standard error of measurement.");

    public static readonly Term Mean = new("Mean", "Sum of the marks divided by their number.", "Arithmetic mean.");
    public static readonly Term Median = new("Median", "Half of the class is above, half below.", "50th percentile.");

    public static readonly Term Spread = new("Standard deviation",
        "Typical distance from the mean.", "Sample standard deviation (n − 1).");

    public static readonly Term Iqr = new("Middle half", "Distance between the lower and the upper quarter.", "Interquartile range, type 7.");

    public static readonly Term Skewness = new("Skewness",
        "Below zero: a tail of low marks. Above zero: a tail of high marks.", "G1, Joanes & Gill (1998); flagged beyond 2 standard errors.");

    public static readonly Term Normality = new("Normality",
        "How often a normal distribution would look at least this odd. Small means: not normal, so trust the median more than the mean.",
        "D'Agostino–Pearson K², n ≥ 20.");

    public static readonly Term Consistency = new("Consistency",
        "100 is the steadiest student of the class. Measured on scores relative to the class, so that easy and hard items count alike.",
        "100 × (1 − percentile rank of the SD of z-scores).");

    public static readonly Term Streak = new("Streak",
        "Moves in a row in one direction, each larger than the measurement error.", "Consecutive differences above the SEM.");

    public static readonly Term OnTime = new("On-time rate",
        "Share submitted on time, pulled towards the class when there are few submissions.", "Beta prior from the class, interval after Wilson.");

    public static readonly Term LateRate = new("Late rate",
        "Share submitted after the due date and grace. “Chronically late” only when even the lower end of the interval exceeds 30 %.", "Wilson interval.");

    public static readonly Term Lag = new("Typical hand-in",
        "Half of the submissions came earlier than this before (or after) the due date.", "Median lag in hours.");

    public static readonly Term LastMinute = new("Last minute", "Share of the submissions within 6 hours before the due date.", "Count / submissions.");

    public static readonly Term Needed = new("Needed average",
        "The mean that you need on everything that is left to end at your target.", "(target − secured) / weight left.");

    public static readonly Term Range = new("Possible range",
        "Your final mark with 0 on everything that is left, and with 100 on everything that is left.", "Floor and ceiling of the weighted mean.");

    public static readonly Term Band = new("Band",
        "Upper, middle or lower third of the class by current mark. Shown only to you, only if you ask for it, and only in classes of 10 or more.",
        "Mid-rank percentile in thirds.");
}
