using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class ClusterSecretsTests : IDisposable
{
    private const string Folder = "/api/v1/namespaces/provost/secrets";
    private readonly StandInCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task Makes_what_is_missing_with_one_value_for_all_who_share_it()
    {
        var made = await EnsureAsync();

        Assert.Contains("api-secrets", made);
        Assert.All(Secrets.All, secret => Assert.Single(secret.Services.Select(service => ValueOf(service, secret.Name)).Distinct()));
        Assert.Equal(32, Convert.FromBase64String(ValueOf("api", "Pseudonyms__Key")).Length);
    }

    [Fact]
    public async Task Changes_nothing_the_second_time()
    {
        await EnsureAsync();
        var before = ValueOf("redis", "Redis__Password");

        Assert.Empty(await EnsureAsync());

        Assert.Equal(before, ValueOf("redis", "Redis__Password"));
    }

    [Fact]
    public async Task Adds_a_secret_that_a_newer_release_needs()
    {
        await EnsureAsync();
        cluster.Find($"{Folder}/api-secrets")!["data"]!.AsObject().Remove("Operator__Token");
        var shared = ValueOf("operator", "Operator__Token");

        Assert.Equal(["api-secrets"], await EnsureAsync());

        Assert.Equal(shared, ValueOf("api", "Operator__Token"));
    }

    [Fact]
    public async Task Refuses_new_keys_beside_old_data()
    {
        await EnsureAsync();
        cluster.Objects.Remove($"{Folder}/api-secrets");

        var error = await Assert.ThrowsAsync<OperationError>(EnsureAsync);

        Assert.Contains("data were written with its keys", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_over_what_another_job_made_at_the_same_moment()
    {
        var first = true;
        cluster.Refuse = (method, path) =>
        {
            if (method != "POST" || !first)
            {
                return null;
            }
            first = false;
            cluster.Put($"{Folder}/api-secrets", new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "api-secrets" },
                ["data"] = new JsonObject { ["Redis__Password"] = Convert.ToBase64String("theirs"u8) },
            });
            return (409, "AlreadyExists", "secrets \"api-secrets\" already exists");
        };

        await EnsureAsync();

        Assert.Equal("theirs", ValueOf("redis", "Redis__Password"));
    }

    [Fact]
    public async Task The_certificate_of_the_own_authority_is_made_once_and_kept()
    {
        using var api = cluster.Connect();
        var certificate = new ClusterCertificate(api, "provost", TimeProvider.System);

        Assert.True(await certificate.EnsureAsync("gateway-tls", "insights.example.edu", "provost", TestContext.Current.CancellationToken));
        var authority = cluster.Find($"{Folder}/authority")!["data"]!.ToJsonString();
        Assert.False(await certificate.EnsureAsync("gateway-tls", "insights.example.edu", "provost", TestContext.Current.CancellationToken));
        Assert.True(await certificate.EnsureAsync("gateway-tls", "other.example.edu", "provost", TestContext.Current.CancellationToken));

        Assert.Equal(authority, cluster.Find($"{Folder}/authority")!["data"]!.ToJsonString());
        Assert.Equal("kubernetes.io/tls", (string?)cluster.Find($"{Folder}/gateway-tls")!["type"]);
    }

    private async Task<IReadOnlyList<string>> EnsureAsync()
    {
        using var api = cluster.Connect();
        return await new ClusterSecretsRunbook(api, "provost", "provost").EnsureAsync(TestContext.Current.CancellationToken);
    }

    private string ValueOf(string service, string name) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)cluster.Find($"{Folder}/{service}-secrets")!["data"]![name]!));
}
