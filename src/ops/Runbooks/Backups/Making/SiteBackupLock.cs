using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Making;

/// <summary>One backup of a site at a time; the kernel lets go however the owner ends.</summary>
internal sealed class SiteBackupLock : IDisposable
{
    private readonly int descriptor;

    private SiteBackupLock(int descriptor) => this.descriptor = descriptor;

    public static SiteBackupLock Take(BackupSite site)
    {
        if (!site.State.Exists)
        {
            throw new OperationError(ErrorKind.NotRunning, $"{site.Installation.Name} does not run", "start it with: provost up -d");
        }
        PrivateFiles.CreateDirectory(site.WorkDirectory);
        var descriptor = Native.Open(Path.Combine(site.WorkDirectory, "lock"), Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0 || Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            _ = Native.Close(descriptor);
            throw new OperationError(ErrorKind.Refused, $"a backup of {site.Installation.Name} is being made already", "wait until it has ended: provost backup list shows it then");
        }
        return new SiteBackupLock(descriptor);
    }

    public void Dispose() => _ = Native.Close(descriptor);
}
