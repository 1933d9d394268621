using System.Globalization;
using System.Xml.Linq;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.State;

/// <summary>Replicas that start together sign in for each other. With stores of its own: the ring must be empty at first.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly RealStores stores = new();

    public async ValueTask InitializeAsync() => await stores.InitializeAsync();

    public async ValueTask DisposeAsync() => await stores.DisposeAsync();

    [Fact]
    public async Task Replicas_that_start_together_make_one_key_and_each_reads_the_other_s_cookies()
    {
        var starting = Enumerable.Range(0, 3).Select(_ => ApiServer.StartAsync(stores)).ToArray();
        var replicas = await Task.WhenAll(starting);
        using var professor = await replicas[0].SignInAsync("ada", Role.Professor, "Ring");

        foreach (var replica in replicas)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Url, "api/session"));
            using var answer = await professor.Http.SendAsync(request);
            Assert.Equal("ada", (await ApiClient.ReadAsync<SessionView>(answer)).User);
        }
        Assert.Single(replicas[0].Get<KeyRing>().GetAllElements());
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Of_keys_for_use_at_once_the_first_is_kept_and_keys_for_later_and_revocations_are_always_added()
    {
        await using var one = await ApiServer.StartAsync(stores);
        var ring = one.Get<KeyRing>();
        var first = Assert.Single(ring.GetAllElements());

        ring.StoreElement(Key(activated: TimeSpan.Zero), "second");
        Assert.Equal(first.ToString(), Assert.Single(ring.GetAllElements()).ToString());

        ring.StoreElement(Key(activated: TimeSpan.FromDays(2)), "later");
        ring.StoreElement(new XElement("revocation", new XElement("revocationDate", TimeProvider.System.GetUtcNow())), "revocation");
        Assert.Equal(3, ring.GetAllElements().Count);
    }

    [Fact]
    public async Task A_ring_whose_keys_have_all_expired_gets_one_new_key()
    {
        await using var one = await ApiServer.StartAsync(stores);
        var ring = one.Get<KeyRing>();
        await one.Get<RedisStore>().RunAsync("test", database => database.KeyDeleteAsync(Keys.KeyRing));
        ring.StoreElement(Key(activated: TimeSpan.FromDays(-100)), "old");

        ring.StoreElement(Key(activated: TimeSpan.Zero), "new");
        ring.StoreElement(Key(activated: TimeSpan.Zero), "of another replica");

        Assert.Equal(2, ring.GetAllElements().Count);
    }

    private static XElement Key(TimeSpan activated)
    {
        var from = TimeProvider.System.GetUtcNow() + activated;
        return new XElement("key", new XAttribute("id", Guid.NewGuid()),
            new XElement("activationDate", from.ToString("O", CultureInfo.InvariantCulture)),
            new XElement("expirationDate", from.AddDays(90).ToString("O", CultureInfo.InvariantCulture)));
    }
}
