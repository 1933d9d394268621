using System.Globalization;

namespace Provost.Runbooks.Tools;

/// <summary>Lets everybody else on the machine go first: what the platform's users wait for matters more than what can take its time.</summary>
internal static class Courtesy
{
    private const int OfProcess = 0;
    private const int Nice = 10;

    /// <summary>From now on, for this process and for what it starts. Linux knows priorities for each thread alone.</summary>
    public static void LetOthersGoFirst()
    {
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            _ = Native.SetPriority(OfProcess, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Nice);
        }
    }
}
