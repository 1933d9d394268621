using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>Where a restore goes. Live data are never written over: a restore that is ready is put into place by rename.</summary>
/// <param name="Folder">Of provost.yaml.</param>
/// <param name="State">State directory.</param>
/// <param name="WholeFolder">Whether the folder itself is new, rather than the state of a site that stands.</param>
internal sealed record RestoreTarget(string Folder, string State, bool WholeFolder)
{
    public const string DefaultState = ".provost";
    private const int SpaceFactor = 2;

    public string Staging => (WholeFolder ? Folder : State).TrimEnd('/') + StateSwap.Staging;

    public string StagedState => WholeFolder ? Path.Combine(Staging, Path.GetRelativePath(Folder, State)) : Path.Combine(Staging, DefaultState);

    public static RestoreTarget Of(RestoreRequest request)
    {
        if (request.Into is not { } into)
        {
            return new RestoreTarget(request.Site.Folder, request.Site.State.Root, false);
        }
        var folder = Path.GetFullPath(into);
        return new RestoreTarget(folder, Path.Combine(folder, DefaultState), true);
    }

    /// <summary>Refuses before anything is written.</summary>
    public void RequireFree(bool replace, long bytes)
    {
        var place = WholeFolder ? Folder : State;
        if (Holds(place) && WholeFolder)
        {
            throw new OperationError(ErrorKind.Refused, $"{place} is not empty", "choose another folder for --into; a restore writes over nothing");
        }
        if (HasData() && !replace && !WholeFolder)
        {
            throw new OperationError(
                ErrorKind.Refused, $"{State} holds live data", "restore beside it (--into DIR) and look first; or add --replace: the site is stopped, its state set aside and kept");
        }
        FreeSpace.Require(
            Path.GetDirectoryName(place)!, bytes * SpaceFactor, "restore to", "free space there, or restore into a folder of another disk: --into DIR");
    }

    /// <summary>What was there before is kept beside it; its path is the result.</summary>
    public async Task<string?> PutAsync(bool replace, TimeProvider time, Action<string> say, CancellationToken cancellation)
    {
        if (WholeFolder)
        {
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder);
            }
            Directory.Move(Staging, Folder);
            PrivateFiles.FlushDirectory(Path.GetDirectoryName(Folder)!);
            return null;
        }
        if (Directory.Exists(State) && replace)
        {
            say("stopping the site");
            await SiteStop.StopAsync(new StateDirectory(State), time, say, cancellation);
        }
        KeepConfiguration(say);
        var aside = Directory.Exists(State) ? $"{State.TrimEnd('/')}{StateSwap.Before}{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}" : null;
        StateSwap.Put(StagedState, State, aside);
        ScratchRestore.Remove(Staging);
        return aside;
    }

    // A configuration that stands is the operator's; the backup's own is put beside it only where there is none.
    private void KeepConfiguration(Action<string> say)
    {
        foreach (var staged in Directory.EnumerateFiles(Staging))
        {
            var target = Path.Combine(Folder, Path.GetFileName(staged));
            if (!File.Exists(target))
            {
                File.Move(staged, target);
            }
            else if (!File.ReadAllBytes(target).AsSpan().SequenceEqual(File.ReadAllBytes(staged)))
            {
                say($"{target} is kept as it is; the backup's own differs");
            }
        }
    }

    private bool HasData() => Holds(Path.Combine(State, "data")) || Holds(Path.Combine(State, "secrets"));

    private static bool Holds(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Any() : File.Exists(folder);
}
