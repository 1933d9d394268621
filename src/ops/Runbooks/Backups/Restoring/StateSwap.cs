using System.Runtime.InteropServices;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>
/// Puts a restored state into the place of another. Both names change in one step of the file system where it can: whoever is
/// killed leaves the old state or the new one, and never none.
/// </summary>
internal static class StateSwap
{
    public const string Staging = ".restoring";
    public const string Before = ".before-";

    /// <param name="aside">Where the state that stands lies afterwards; null when there is none.</param>
    public static void Put(string staged, string state, string? aside)
    {
        if (aside is null)
        {
            Directory.Move(staged, state);
        }
        else
        {
            // First to a name that no later restore removes: that is where the old one lies after the step.
            Directory.Move(staged, aside);
            if (!Exchange(aside, state))
            {
                Directory.Move(aside, staged);
                Directory.Move(state, aside);
                Directory.Move(staged, state);
            }
        }
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(state)!);
    }

    /// <summary>Refuses where a restore was killed between two names: an installation that begins empty would hide its data.</summary>
    public static void RequireWhole(string state)
    {
        var (folder, name) = (Path.GetDirectoryName(state.TrimEnd('/'))!, Path.GetFileName(state.TrimEnd('/')));
        if (Directory.Exists(state) || !Directory.Exists(state.TrimEnd('/') + Staging))
        {
            return;
        }
        if (Directory.EnumerateDirectories(folder, name + Before + "*").Order(StringComparer.Ordinal).LastOrDefault() is { } aside)
        {
            throw new OperationError(
                ErrorKind.Refused, $"a restore was killed while it put the state into place: there is no {state}, and what was there before lies at {aside}",
                $"run the restore again; or go back to what was there: mv {aside} {state}");
        }
    }

    /// <summary>What earlier restores set aside.</summary>
    public static IReadOnlyList<string> SetAside(string state)
    {
        var (folder, name) = (Path.GetDirectoryName(state.TrimEnd('/'))!, Path.GetFileName(state.TrimEnd('/')));
        return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder, name + Before + "*").Order(StringComparer.Ordinal)] : [];
    }

    /// <returns>False where the file system cannot do that.</returns>
    private static bool Exchange(string one, string other)
    {
        if (Native.RenameAt(Native.WorkingDirectory, one, Native.WorkingDirectory, other, Native.Exchange) == 0)
        {
            return true;
        }
        const int noSuchCall = 38, invalid = 22;
        return Marshal.GetLastPInvokeError() is noSuchCall or invalid ? false : throw new IOException(
            $"{one} and {other} cannot change places: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
