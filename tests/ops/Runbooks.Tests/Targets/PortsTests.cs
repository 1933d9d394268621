using System.Net;
using System.Net.Sockets;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Tests.Targets;

public sealed class PortsTests
{
    [Fact]
    public void Ports_are_chosen_once_and_kept()
    {
        using var temporary = new TemporaryState();
        var first = Ports.Choose(temporary.State, ["api-1", "api-2", "web-1"], isRunning: false);
        File.WriteAllText(temporary.State.Ports, Ports.Write(first));

        Assert.Equal(3, first.Values.Distinct().Count());
        Assert.Equal(first, Ports.Choose(temporary.State, ["api-1", "api-2", "web-1"], isRunning: false));
    }

    [Fact]
    public void A_port_that_another_program_took_is_chosen_anew_unless_the_site_itself_holds_it()
    {
        using var temporary = new TemporaryState();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        File.WriteAllText(temporary.State.Ports, Ports.Write(new Dictionary<string, int> { ["api-1"] = taken }));

        Assert.NotEqual(taken, Ports.Choose(temporary.State, ["api-1"], isRunning: false)["api-1"]);
        Assert.Equal(taken, Ports.Choose(temporary.State, ["api-1"], isRunning: true)["api-1"]);
        Assert.Equal(SocketError.AddressAlreadyInUse, Ports.Probe("127.0.0.1", taken));
    }

    [Fact]
    public void A_long_path_gets_its_sockets_where_paths_are_short()
    {
        var state = new StateDirectory("/" + string.Join('/', Enumerable.Repeat("a-long-folder-name", 10)));

        Assert.True(state.Run.Length < 80, state.Run);
        Assert.NotEqual(state.Run, new StateDirectory(state.Root + "x").Run);
    }
}
