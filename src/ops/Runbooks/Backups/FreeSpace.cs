using System.Globalization;

namespace Provost.Runbooks.Backups;

/// <summary>Asked before something large is written: a disk that gets full in the middle stops everybody who writes there.</summary>
internal static class FreeSpace
{
    /// <param name="folder">Need not be there yet.</param>
    /// <param name="purpose">Ends the sentence "... needs 5 MiB of free space to".</param>
    public static void Require(string folder, long bytes, string purpose, string remedy)
    {
        var free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new OperationError(
                ErrorKind.Machine, string.Create(CultureInfo.InvariantCulture, $"{folder} needs {bytes >> 20} MiB of free space to {purpose}, and there are {free >> 20} MiB"), remedy);
        }
    }

    private static string Existing(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return folder;
    }
}
