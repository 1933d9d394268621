using System.Collections.Frozen;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Moodle;

internal enum MoodleDisplay { Real, Percentage, Letter, Feedback }

/// <summary>The words of Moodle's export in the languages of its packs.</summary>
internal static class MoodleWords
{
    private static readonly FrozenDictionary<string, MoodleDisplay> Displays = BuildDisplays();

    private static readonly FrozenSet<string> DownloadHeaders = new[]
    {
        "last downloaded from this course", "zuletzt in diesem kurs geladen", "zuletzt von diesem kurs heruntergeladen", "dernier téléchargement depuis ce cours",
        "última descarga de este curso", "última descarga desde este curso", "ultimo scaricamento da questo corso", "ultimo scaricamento dal corso", "último download realizado neste curso", "último download deste curso",
        "última descarregamento desta disciplina", "laatst gedownload vanuit deze cursus", "laatst gedownload uit deze cursus", "senast nedladdad från denna kurs", "ostatnio pobrane z tego kursu",
    }.ToFrozenSet(StringComparer.Ordinal);

    // What the modules are called before the colon, and the kind that it means.
    private static readonly FrozenDictionary<string, string> Modules = BuildModules();

    public static MoodleDisplay? DisplayOf(string word) => Displays.TryGetValue(CellText.Word(word), out var display) ? display : null;

    public static bool IsDownloadHeader(string header) => DownloadHeaders.Contains(CellText.Word(header));

    public static string? KindOf(string module) => Modules.TryGetValue(CellText.Word(module), out var kind) ? kind : null;

    private static FrozenDictionary<string, MoodleDisplay> BuildDisplays()
    {
        var displays = new Dictionary<string, MoodleDisplay>(StringComparer.Ordinal);
        Add(MoodleDisplay.Real, "real", "punkte", "brut", "brute", "réel", "réelle", "reale", "punteggio", "valore", "werkelijk", "echt", "cijfer", "reëel", "poäng", "verklig", "verkligt värde", "rzeczywista", "wartość", "oikea", "reelt", "reell", "reel", "gerçek", "skutečná", "valós", "real value", "nota", "puntos", "valor real", "数値", "实际值", "кількість балів", "реальное", "значение");
        Add(MoodleDisplay.Percentage, "percentage", "percent", "prozent", "prozentsatz", "prozentwert", "prozente", "pourcentage", "porcentaje", "percentuale", "porcentagem", "percentagem", "procent", "procentandel", "prosent", "prosentti", "procenty", "procentowo", "yüzde", "százalék", "percentatge", "%", "パーセント", "百分比", "процент", "проценты");
        Add(MoodleDisplay.Letter, "letter", "buchstabe", "buchstaben", "notenstufe", "note", "lettre", "letra", "lettera", "letter grade", "bokstav", "bogstav", "literowo", "kirjain", "harf", "písmeno", "betű", "lletra", "评级", "評定", "буква");
        Add(MoodleDisplay.Feedback, "feedback", "rückmeldung", "kommentar", "retroalimentación", "retroalimentacion", "comentarios", "commentaire", "rétroaction", "commento", "comentários", "återkoppling", "tilbakemelding", "tilbagemelding", "palaute", "informacja zwrotna", "geri bildirim", "反馈", "フィードバック", "отзыв");
        return displays.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(MoodleDisplay display, params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
                displays[CellText.Word(word)] = display;
        }
    }

    private static FrozenDictionary<string, string> BuildModules()
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("Assignment", "assignment", "aufgabe", "devoir", "tarea", "compito", "tarefa", "trabalho", "opdracht", "inlämningsuppgift", "innlevering", "opgave", "tehtävä", "zadanie", "tasca", "ödev", "作业", "課題");
        Add("Quiz", "quiz", "test", "cuestionario", "questionário", "teste", "examen", "toets", "koe", "quizz", "prov", "kviss", "qüestionari", "sınav", "测验", "小テスト", "тест");
        Add("Forum", "forum", "foro", "fórum", "whole forum", "rating grade", "gesamtes forum");
        Add("Workshop", "workshop", "atelier", "taller", "laboratorio", "gegenseitige beurteilung", "workshop (submission)", "workshop (assessment)");
        Add("Lesson", "lesson", "lektion", "leçon", "lección", "lezione", "lição", "les");
        Add("External tool", "external tool", "externes tool", "outil externe", "herramienta externa", "tool esterno", "ferramenta externa");
        Add("SCORM", "scorm package", "scorm", "lernpaket", "paquete scorm", "paquet scorm", "pacote scorm", "pacchetto scorm", "scorm-pakket");
        Add("H5P", "h5p", "interactive content", "interaktiver inhalt");
        Add("Other", "attendance", "anwesenheit", "asistencia", "présence", "presenze", "glossary", "glossar", "database", "datenbank", "wiki", "checklist", "turnitin assignment 2", "turnitin assignment", "offline quiz", "choice", "vpl", "virtual programming lab", "stack", "journal", "questionnaire", "hotpot", "game", "bigbluebuttonbn", "zoom meeting", "coderunner");
        return modules.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string kind, params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
                modules[CellText.Word(word)] = kind;
        }
    }
}
