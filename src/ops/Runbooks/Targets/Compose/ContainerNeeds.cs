using System.Globalization;
using System.Text.RegularExpressions;
using Provost.Rendering.Compose;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>What the containers of a rendered file are promised and allowed.</summary>
/// <param name="Processors">The most that one of them may use.</param>
internal sealed partial record ContainerNeeds(long ReservedMebibytes, long LimitMebibytes, double Processors)
{
    /// <param name="variable">Value of a variable that the machine sets; null when it sets none.</param>
    public static ContainerNeeds Of(ComposeDocument document, Func<string, string?> variable)
    {
        var memory = document.Services.Select(part => Memory().Matches(part.Text).Select(match => long.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture)).Order().ToList()).ToList();
        var processors = document.Services.Select(part => Cpus().Match(part.Text)).Where(match => match.Success)
            .Select(match => match.Groups["name"] is { Success: true, Value: var name } && variable(name) is { } set ? set : match.Groups["number"].Value)
            .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0);
        return new ContainerNeeds(memory.Sum(sizes => sizes.FirstOrDefault()), memory.Sum(sizes => sizes.LastOrDefault()), processors.DefaultIfEmpty(0).Max());
    }

    // A limit, and the smaller reservation.
    [GeneratedRegex("""^ +memory: "?(?<size>\d+)m"?$""", RegexOptions.Multiline)]
    private static partial Regex Memory();

    [GeneratedRegex("""^ +cpus: "?(\$\{(?<name>\w+):-)?(?<number>[\d.]+)\}?"?$""", RegexOptions.Multiline)]
    private static partial Regex Cpus();
}
