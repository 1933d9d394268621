using System.Collections.Frozen;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Layouts;

internal enum RowLabel { Maximum, Weight, Due, Kind, Summary }

/// <summary>Labels of rows that are not students.</summary>
internal static class RowWords
{
    private static readonly FrozenDictionary<string, RowLabel> Labels = Build();

    public static RowLabel? LabelOf(string text) => Labels.TryGetValue(CellText.Word(text), out var label) ? label : null;

    private static FrozenDictionary<string, RowLabel> Build()
    {
        var labels = new Dictionary<string, RowLabel>(StringComparer.Ordinal);
        Add(RowLabel.Summary, "average", "avg", "avg.", "class average", "mean", "class mean", "median", "std", "std dev", "std. dev", "std. dev.", "stdev", "st dev", "sd", "standard deviation", "variance", "min", "minimum", "low", "lowest", "high", "highest", "count", "n", "total", "totals", "sum", "range", "mode", "quartile 1", "quartile 3", "q1", "q3", "overall average", "durchschnitt", "mittelwert", "mittel", "klassenschnitt", "standardabweichung", "anzahl", "summe", "moyenne", "moyenne de la classe", "médiane", "écart-type", "promedio", "media", "mediana", "desviación estándar", "média", "desvio padrão", "deviazione standard", "gemiddelde", "medel", "medelvärde", "gesamtdurchschnitt", "moyenne générale", "overall", "averages");
        Add(RowLabel.Maximum, "max", "max.", "maximum", "points", "point", "pts", "points possible", "possible points", "possible", "total points", "total possible", "max points", "max. points", "max score", "max mark", "max marks", "maximum points", "maximum score", "maximum marks", "full marks", "full score", "out of", "marks", "worth", "value", "punkte", "max. punkte", "maximale punkte", "maximalpunkte", "maximalpunktzahl", "höchstpunktzahl", "mögliche punkte", "points possibles", "barème", "maximum de points", "puntos", "puntos posibles", "puntaje máximo", "puntuación máxima", "máximo", "pontos", "pontos possíveis", "valor", "massimo", "punti", "punti possibili", "punteggio massimo", "punten", "max. punten", "mogelijke punten", "maximum aantal punten", "poäng", "maxpoäng", "möjliga poäng", "poeng", "mulige poeng", "mulige point", "punkty", "满分");
        Add(RowLabel.Weight, "weight", "weights", "weighting", "weightage", "% of grade", "% of total", "percent of grade", "gewicht", "gewichtung", "poids", "coefficient", "coef", "coef.", "pondération", "peso", "pesos", "ponderación", "ponderação", "weging", "vikt");
        Add(RowLabel.Due, "date", "due", "due date", "due on", "deadline", "fällig", "fällig am", "abgabe", "abgabedatum", "datum", "échéance", "date limite", "fecha", "fecha de entrega", "data", "scadenza", "data de entrega", "inleverdatum", "inlämningsdatum");
        Add(RowLabel.Kind, "category", "type", "kategorie", "catégorie", "categoría", "categoria");
        return labels.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(RowLabel label, params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
                labels[CellText.Word(word)] = label;
        }
    }
}
