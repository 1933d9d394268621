using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Drills;

/// <summary>The folder of a rehearsal: one at a time for each site. What a killed rehearsal left, running or not, is removed by the next one.</summary>
internal sealed class DrillFolder : IDisposable
{
    private const string Prefix = ".provost-drill-";

    private readonly int descriptor;

    private DrillFolder(int descriptor, string path)
    {
        this.descriptor = descriptor;
        Path = path;
    }

    public string Path { get; }

    public static async Task<DrillFolder> TakeAsync(BackupSite site, TimeProvider time, Action<string> say, CancellationToken cancellation)
    {
        if (!site.State.Exists)
        {
            throw new OperationError(ErrorKind.NotRunning, $"{site.Installation.Name} does not run", "start it with: provost up -d");
        }
        PrivateFiles.CreateDirectory(site.WorkDirectory);
        var descriptor = Native.Open(System.IO.Path.Combine(site.WorkDirectory, "drill.lock"), Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0 || Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            _ = Native.Close(descriptor);
            throw new OperationError(ErrorKind.Refused, $"a recovery of {site.Installation.Name} is being rehearsed already", "wait until it has ended: provost ledger list shows it then");
        }
        var beside = site.Placement is null ? System.IO.Path.GetDirectoryName(site.State.Root)! : site.WorkDirectory;
        try
        {
            foreach (var left in Directory.EnumerateDirectories(beside, Prefix + site.SiteName + "-*"))
            {
                await RemoveAsync(site, left, time, say, cancellation);
            }
        }
        catch
        {
            _ = Native.Close(descriptor);
            throw;
        }
        return new DrillFolder(descriptor, System.IO.Path.Combine(beside, $"{Prefix}{site.SiteName}-{Guid.NewGuid().ToString("N")[..6]}"));
    }

    public void Dispose()
    {
        ScratchRestore.Remove(Path);
        _ = Native.Close(descriptor);
    }

    private static async Task RemoveAsync(BackupSite site, string folder, TimeProvider time, Action<string> say, CancellationToken cancellation)
    {
        say($"removing what an interrupted rehearsal left: {folder}");
        // Its agent lives on when the rehearsal was killed, and keeps a whole platform alive.
        var state = new StateDirectory(System.IO.Path.Combine(folder, ScratchSite.Restored, RestoreTarget.DefaultState));
        if (state.Exists)
        {
            await SiteStop.StopAsync(state, time, say, cancellation);
        }
        try
        {
            await DrillKit.RemoveLeftAsync(site, folder, time, cancellation);
        }
        catch (OperationError e)
        {
            // A destination that is gone: what it keeps opens nothing without the key that goes now.
            say(e.Message);
        }
        ScratchRestore.Remove(folder);
    }
}
