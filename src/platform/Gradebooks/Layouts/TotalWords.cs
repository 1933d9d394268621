using System.Text.RegularExpressions;

namespace Provost.Gradebooks.Layouts;

/// <summary>Names of columns that are computed from others.</summary>
internal static partial class TotalWords
{
    public const string Reason = "computed from other columns, not an assessment";

    public static bool IsTotal(string name) => Whole().IsMatch(name) || AtAnEnd().IsMatch(name) || FinalSomething().IsMatch(name);

    [GeneratedRegex(@"^\s*(grade|letter( grade)?|gpa|average|avg\.?|mean|sum|percent(age)?|pct\.?|%|ratio|rank|standing|result|outcome|total (points|score|marks?|grade|percent(age)?|%)|summe|gesamt(punkte|note|punktzahl|ergebnis)?|durchschnitt|endnote|note final|moyenne( générale)?|somme|note finale|promedio|suma|nota final|media|média|soma|voto finale|eindcijfer|totaalcijfer|gemiddelde|summa|medel|cumulative( gpa)?|kurstotal|kursustotal|cursustotaal|kurs totalt|totalt för kursen|összesen|yhteensä|celkem|suma kursu|課程總分|课程总分|コース合計)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(sum|summe|somme|suma|soma)\b|^(sub)?totals?\b|\b(sub)?totals?(\s*\([^)]*\))?$|^(weighted|running|course|cumulative|overall) (total|average|grade|score|mark)\b|\b(average|avg\.?|mean|subtotal|sum)$|\bgesamt$|^totale?\b|\btotale?$|^totaal\b|\btotaal$|^gesamt\b|\binsgesamt$|\bösszesen$|\byhteensä$|\btoplamı?$|\btotalt$|\bcelkem\b|^suma\b|\bsuma$|^итог|总分$|合計$|^(promedio|moyenne|durchschnitt|media|média|gemiddelde)\b|\b(percent(age)?|pct|ratio)$|^ratio\b|(?<=\S\s)%$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AtAnEnd();

    [GeneratedRegex(@"^(unposted )?(final|current|overall|course|weighted|running|term|semester|override|adjusted|calculated)( calculated| adjusted| final)?\s+(grade|score|total|marks?|average|percent(age)?|points|letter|status|result)(\s+(numerator|denominator|scheme symbol|symbol))?(\s*\(.*\))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FinalSomething();
}
