namespace Provost.Analytics.Items;

/// <summary>How one assessment (or question) behaves. Section 2 of the formulas.</summary>
/// <param name="Facility">Mean score / maximum, 0 to 1 (more with extra credit), with its 95 % interval.</param>
/// <param name="Discrimination">Correlation of the item with the mean of the other items that have weight; 95 % interval by Fisher's z.</param>
/// <param name="PointBiserial">For 0/100 items: point-biserial with the total, corrected by Henrysson (1963); insufficient otherwise.</param>
/// <param name="UpperLower">Kelley's index: facility of the top 27 % less that of the bottom 27 %.</param>
/// <param name="Label">Ebel's words for the discrimination: see <see cref="DiscriminationLabel"/>; null when insufficient.</param>
/// <param name="AlphaIfDeleted">Reliability of the other items.</param>
public sealed record ItemStatistics(
    Estimate Facility, Estimate Discrimination, Estimate PointBiserial, Estimate UpperLower, string? Label, Estimate AlphaIfDeleted);
