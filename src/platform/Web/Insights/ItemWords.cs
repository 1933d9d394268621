using Provost.Contracts;
using Provost.Web.Display;

namespace Provost.Web.Insights;

/// <summary>Ebel's words and how they look.</summary>
internal static class ItemWords
{
    public const string CheckTheKey = "check the key";

    public static string Tone(string? label) => label switch
    {
        "very good" or "good" => "good",
        "marginal" => "warn",
        "poor" or CheckTheKey => "bad",
        _ => "",
    };

    public static string Describe(ItemQuality item) =>
        $"{item.Name}: facility {Figures.Fixed(item.Facility.Value ?? 0, 2)}, discrimination {Figures.Fixed(item.Discrimination.Value ?? 0, 2)}, {item.Label}";

    /// <summary>0 for what needs a look first.</summary>
    public static int Urgency(ItemQuality item) => item.Label switch
    {
        CheckTheKey => 0,
        "poor" => 1,
        "marginal" => 2,
        null => 4,
        _ => 3,
    };
}
