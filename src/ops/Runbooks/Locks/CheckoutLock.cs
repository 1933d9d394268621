using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Locks;

/// <summary>One build at a time in a checkout: whoever comes second waits, and then finds it built.</summary>
public static class CheckoutLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <returns>Held until disposed; null without a checkout.</returns>
    public static async Task<IDisposable?> WaitAsync(Checkout? checkout, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        if (checkout is null)
        {
            return null;
        }
        var folder = Path.GetDirectoryName(checkout.Published)!;
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "build.lock");
        var descriptor = Native.Open(file, Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw new OperationError(ErrorKind.Machine, $"{file} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", "give this user the right to write to the checkout");
        }
        var held = new SafeFileHandle(descriptor, ownsHandle: true);
        for (var said = false; Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) != 0; said = true)
        {
            if (!said)
            {
                say($"Another command builds in {checkout.Root}: waiting for it.");
            }
            try
            {
                await Task.Delay(Interval, time, cancellation);
            }
            catch (OperationCanceledException)
            {
                held.Dispose();
                throw;
            }
        }
        return held;
    }
}
