using Microsoft.Extensions.Options;

namespace Provost.Hosting.Listening;

/// <summary>The listening sockets of this process, opened when the server is built.</summary>
internal sealed class ListeningSockets(IOptions<ListeningOptions> options) : IDisposable
{
    public IReadOnlyList<ListeningSocket> All { get; private set; } = [];

    /// <summary>Why the sockets could not be opened.</summary>
    public ListeningError? Problem { get; private set; }

    /// <summary>Whether health and metrics have a listener of their own.</summary>
    public bool HasAdmin => options.Value.HasAdminListener;

    /// <summary>Whether another process holds the public socket and a successor will take it too.</summary>
    public bool AreHandedOver => All.Any(socket => socket.Giver is not null);

    /// <summary>Opens all. The host builds its server before it validates the settings, so problems are kept for later.</summary>
    public void Open()
    {
        List<ListeningSocket> opened = [];
        try
        {
            foreach (var (name, address) in options.Value.Addresses)
            {
                opened.Add(ListeningSocket.Open(name, address));
            }
        }
        catch (ListeningError error)
        {
            Problem = error;
        }
        catch (OptionsValidationException)
        {
            // Reported with all the others.
        }

        All = opened;
    }

    /// <summary>Leaves the public sockets to the other processes that hold them; the admin listener stays.</summary>
    public void StopAccepting()
    {
        foreach (var socket in All.Where(socket => socket.Name != "admin"))
        {
            socket.StopAccepting();
        }
    }

    public void Dispose()
    {
        foreach (var socket in All)
        {
            socket.Dispose();
        }
    }
}
