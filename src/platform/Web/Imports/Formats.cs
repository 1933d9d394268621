namespace Provost.Web.Imports;

internal static class Formats
{
    public static string Name(string format) => format switch
    {
        "blackboard" => "Blackboard",
        "canvas" => "Canvas",
        "moodle" => "Moodle",
        "brightspace" => "Brightspace",
        "googleClassroom" => "Google Classroom",
        "oulad" => "Open University (OULAD)",
        "provost" => "Provost CSV",
        "sheet" => "A plain sheet",
        _ => format,
    };

    public static string Delimiter(string delimiter) => delimiter switch
    {
        "," => "commas",
        ";" => "semicolons",
        "\t" => "tabs",
        "|" => "bars",
        _ => delimiter,
    };
}
