using Provost.Rendering.Process;
using Provost.Runbooks.Deploy;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class PublicAddressTests
{
    private static readonly Site Plain = new() { Http = new Http { Port = 8080 } };
    private static readonly Site Secured = new() { Domain = "old.example.edu", Https = new Https { Port = 8443 } };

    [Fact]
    public void An_address_that_is_the_same_is_nothing_to_speak_of()
    {
        Assert.False(PublicAddress.Keep(Of(Plain), "local", Running(Plain)).Differs);
        Assert.False(PublicAddress.Keep(Of(Secured), "local", Running(Secured)).Differs);
    }

    [Fact]
    public void Another_port_or_address_waits_for_up()
    {
        var wanted = Plain with { Http = new Http { Address = "0.0.0.0", Port = 9090 } };

        Assert.Equal((Plain.PublicUrl(), "127.0.0.1", 8080, true), Kept(wanted, Plain));
    }

    [Fact]
    public void A_domain_that_is_new_waits_for_up() => Assert.Equal((Plain.PublicUrl(), "127.0.0.1", 8080, true), Kept(Secured, Plain));

    [Fact]
    public void A_domain_that_is_gone_waits_for_up() => Assert.Equal((Secured.PublicUrl(), "0.0.0.0", 8443, true), Kept(Plain, Secured));

    [Fact]
    public void With_the_old_name_stays_the_certificate_of_that_name()
    {
        var own = Secured with { Https = Secured.Https with { Certificate = "/etc/old.crt", Key = "/etc/old.key" } };
        var wanted = own with { Domain = "new.example.edu", Https = new Https { Certificate = "/etc/new.crt", Key = "/etc/new.key" } };

        var kept = PublicAddress.Keep(Of(wanted), "local", Running(own)).Kept.Sites["local"];

        Assert.Equal(("old.example.edu", "/etc/old.crt", "/etc/old.key"), (kept.Domain, kept.Https.Certificate, kept.Https.Key));
    }

    [Fact]
    public void What_else_changed_is_taken_up()
    {
        var wanted = Plain with { Http = new Http { Port = 9090 }, Probes = new Probes { Failures = 9 } };

        Assert.Equal(9, PublicAddress.Keep(Of(wanted), "local", Running(Plain)).Kept.Sites["local"].Probes.Failures);
    }

    private static (Uri Url, string Address, int Port, bool Differs) Kept(Site wanted, Site running)
    {
        var (kept, differs) = PublicAddress.Keep(Of(wanted), "local", Running(running));
        var socket = Running(kept.Sites["local"]).Sockets.Single(s => s.Name == ProcessRenderer.PublicSocket);
        return (kept.Sites["local"].PublicUrl(), socket.Address, socket.Port, differs);
    }

    private static Installation Of(Site site) => new() { Sites = new Dictionary<string, Site> { ["local"] = site } };

    private static SiteSpec Running(Site site)
    {
        var ports = Replicas.Of(site).SelectMany(r => Replicas.Sockets(r, embeddedRedis: true)).Index().ToDictionary(s => s.Item, s => 20_000 + s.Index);
        return ProcessRenderer.Render(Of(site), "local", new ProcessPlacement("1.0.0", "/releases/1.0.0", "/state", "/state/run", true, ports), machineRedis: null);
    }
}
