using System.Text;

namespace Provost.Gradebooks.Input;

/// <summary>Knows files that are not text by their first bytes, and says what to do with them.</summary>
internal static class FileSignature
{
    private const string ExportAsCsv =
        "Open it in the spreadsheet program, choose \"Save as\" or \"Download as\" > \"CSV UTF-8 (comma separated)\" for the sheet with the grades, and import that file.";

    public static bool IsZip(ReadOnlyMemory<byte> head) => head.Span.StartsWith("PK\u0003\u0004"u8) || head.Span.StartsWith("PK\u0005\u0006"u8);

    /// <exception cref="GradebookError">The file is empty or is known not to be text.</exception>
    public static void RefuseWhatIsNotText(ReadOnlyMemory<byte> head, string fileName)
    {
        var name = Path.GetFileName(fileName);
        if (head.IsEmpty)
            throw new GradebookError($"\"{name}\" is empty", "Export the gradebook again; the file has no bytes.");
        if (Binary(head.Span) is { } kind)
            throw new GradebookError($"\"{name}\" is {kind.Name}, not a text file", kind.Remedy);
        if (Markup(head.Span) is { } markup)
            throw new GradebookError($"\"{name}\" is {markup.Name}, not a table of comma- or tab-separated values", markup.Remedy);
    }

    private static (string Name, string Remedy)? Binary(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return ("an Excel workbook (.xls)", ExportAsCsv);
        if (head.StartsWith("%PDF"u8))
            return ("a PDF document", "A PDF has no cells to read: export the gradebook from the learning platform as CSV.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || head.StartsWith("7z\u00BC"u8) || head.StartsWith("Rar!"u8))
            return ("a compressed archive", "Unpack it and import the CSV file that is inside, or import a .zip.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || head.StartsWith("GIF8"u8))
            return ("a picture", "Export the gradebook from the learning platform as CSV.");
        return null;
    }

    private static (string Name, string Remedy)? Markup(ReadOnlySpan<byte> head)
    {
        var start = Encoding.Latin1.GetString(head[..Math.Min(512, head.Length)]).Replace("\0", "", StringComparison.Ordinal)
            .TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FF', '\u00FE', ' ', '\t', '\r', '\n');
        if (Starts(start, "<!doctype html", "<html", "<table", "<head", "<body"))
            return ("a web page", "Often this is the sign-in page of the learning platform, saved by mistake; some platforms also name such pages .xls. " + ExportAsCsv);
        if (Starts(start, "<?xml", "<workbook", "<results"))
            return ("an XML document", "Choose CSV or \"plain text\" as the export format.");
        if (Starts(start, "{\"", "{\n", "{ \"", "{\r", "[{"))
            return ("a JSON document", "Choose CSV as the export format.");
        if (Starts(start, "{\\rtf"))
            return ("a rich text document", ExportAsCsv);
        return null;
    }

    private static bool Starts(string text, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>What a zip is when it is a workbook or a document in disguise; null when it may hold exports.</summary>
    public static GradebookError? RefuseZip(IReadOnlyCollection<string> entries, string fileName)
    {
        var name = Path.GetFileName(fileName);
        if (entries.Contains("xl/workbook.xml") || entries.Any(e => e.StartsWith("xl/", StringComparison.Ordinal)))
            return new GradebookError($"\"{name}\" is an Excel workbook (.xlsx), not a text file", ExportAsCsv);
        if (entries.Contains("content.xml") && entries.Contains("mimetype"))
            return new GradebookError($"\"{name}\" is an OpenDocument spreadsheet or text, not a text file", ExportAsCsv);
        if (entries.Any(e => e.StartsWith("Index/", StringComparison.Ordinal) && e.EndsWith(".iwa", StringComparison.Ordinal)))
            return new GradebookError($"\"{name}\" is a Numbers spreadsheet, not a text file", ExportAsCsv);
        return entries.Any(e => e.StartsWith("word/", StringComparison.Ordinal))
            ? new GradebookError($"\"{name}\" is a Word document, not a text file", "Export the gradebook from the learning platform as CSV.")
            : null;
    }
}
