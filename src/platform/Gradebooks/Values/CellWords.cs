using System.Collections.Frozen;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Values;

/// <summary>The words that stand in cells instead of a score, in the languages that exports use.</summary>
internal static class CellWords
{
    private static readonly FrozenDictionary<string, CellKind> Words = Build();

    public static CellKind? KindOf(string word) => Words.TryGetValue(word, out var kind) ? kind : null;

    private static FrozenDictionary<string, CellKind> Build()
    {
        var words = new Dictionary<string, CellKind>(StringComparer.Ordinal);
        Add(CellKind.Blank, "-", "–", "—", "--", "---", "null", "none", "nan", "#n/a", "not graded", "no grade", "no record", "ungraded", "nicht bewertet", "non noté", "sin calificar", "não avaliado", "non valutato");
        Add(CellKind.NotAssigned, "n/a", "na", "n.a", "not assigned", "assigned", "not applicable", "zugewiesen", "assigné", "attribué", "asignado", "atribuído", "assegnato");
        Add(CellKind.Excused, "ex", "exc", "excused", "exempt", "exempted", "entschuldigt", "befreit", "excusé", "excusée", "dispensé", "dispensée", "exempté", "exento", "exenta", "justificado", "dispensado", "dispensada", "isento", "esonerato", "giustificato", "vrijgesteld", "geëxcuseerd", "ursäktad", "fritatt", "fritaget", "zwolniony", "dispensat");
        Add(CellKind.Missing, "missing", "abs", "ns", "dns", "not submitted", "no submission", "not turned in", "not handed in", "nothing submitted", "absent", "fehlt", "fehlend", "nicht abgegeben", "nicht eingereicht", "manquant", "non remis", "non rendu", "no entregado", "sin entregar", "falta", "faltante", "ausente", "não entregue", "em falta", "mancante", "non consegnato", "ontbreekt", "niet ingeleverd", "saknas", "mangler", "ej inlämnad", "brak");
        Add(CellKind.Pending, "in progress", "needs grading", "!", "turned in", "turned in late", "done late", "submitted", "submitted late", "submitted for grading", "handed in", "pending", "pending review", "to be graded", "awaiting grading", "late", "in review", "draft", "abgegeben", "eingereicht", "in bearbeitung", "zu bewerten", "benotung erforderlich", "rendu", "remis", "en cours", "à noter", "entregado", "en curso", "en progreso", "pendiente", "requiere calificación", "entregue", "em andamento", "pendente", "consegnato", "in corso", "da valutare", "ingeleverd", "in uitvoering", "te beoordelen", "inlämnad", "pågår", "levert", "afleveret");
        Add(CellKind.Complete, "complete", "completed", "abgeschlossen", "terminé", "completado", "completo", "concluído", "completato", "voltooid", "slutförd", "done", "pass", "passed", "✓", "✔");
        Add(CellKind.Incomplete, "incomplete", "unvollständig", "incomplet", "incompleto", "onvolledig", "ofullständig", "fail", "failed", "not passed", "✗", "✘");
        return words.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(CellKind kind, params ReadOnlySpan<string> list)
        {
            foreach (var word in list)
                words[CellText.Word(word)] = kind;
        }
    }
}
