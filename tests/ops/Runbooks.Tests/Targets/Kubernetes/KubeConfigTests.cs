using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_only_context_is_taken_with_its_server_namespace_and_token()
    {
        var access = Read("contexts: [{ name: campus, context: { cluster: one, user: me, namespace: insights } }]", "token: abc").Access(null, TimeProvider.System);

        Assert.Equal(("campus", new Uri("https://cluster.example.edu:6443"), "insights"), (access.Name, access.Server, access.Namespace));
        Assert.Equal("abc", await access.Token(TestContext.Current.CancellationToken));
        Assert.False(access.TrustsAnybody);
    }

    [Fact]
    public void Of_several_contexts_none_is_guessed_not_even_the_current_one()
    {
        var file = Read("current-context: campus\ncontexts: [{ name: campus, context: { cluster: one, user: me } }, { name: test, context: { cluster: one, user: me } }]", "token: abc");

        var error = Assert.Throws<OperationError>(() => file.Access(null, TimeProvider.System));

        Assert.Equal(ErrorKind.Configuration, error.Kind);
        Assert.Contains("--context campus or --context test", error.Remedy, StringComparison.Ordinal);
        Assert.Equal("test", file.Access("test", TimeProvider.System).Name);
    }

    [Theory]
    [InlineData("other", "its contexts are: campus")]
    public void A_context_that_is_not_there_is_told_with_those_that_are(string context, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<OperationError>(() => Read(OneContext, "token: abc").Access(context, TimeProvider.System)).Remedy, StringComparison.Ordinal);

    [Fact]
    public async Task A_token_of_a_file_is_read_anew_each_time()
    {
        var file = Path.Combine(folder, "token");
        File.WriteAllText(file, "first\n");
        var access = Read(OneContext, $"tokenFile: {file}").Access(null, TimeProvider.System);
        Assert.Equal("first", await access.Token(TestContext.Current.CancellationToken));

        File.WriteAllText(file, "second\n");

        Assert.Equal("second", await access.Token(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_gives_the_token_once_and_is_told_what_is_wanted()
    {
        var program = Program("""
            echo x >> "$(dirname "$0")/runs"
            case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) exit 3;; esac
            echo "{\"status\":{\"token\":\"$1-$REGION\"}}"
            """);
        var access = Read(OneContext, $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {program}, args: [given], env: [{{ name: REGION, value: north }}] }}").Access(null, TimeProvider.System);

        Assert.Equal("given-north", await access.Token(TestContext.Current.CancellationToken));
        Assert.Equal("given-north", await access.Token(TestContext.Current.CancellationToken));
        Assert.Single(File.ReadAllLines(Path.Combine(folder, "runs")));
    }

    [Fact]
    public async Task A_token_that_ends_is_asked_for_anew_in_time()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero));
        var program = Program("""
            echo x >> "$(dirname "$0")/runs"
            echo "{\"status\":{\"token\":\"t$(wc -l < "$(dirname "$0")/runs")\",\"expirationTimestamp\":\"2026-01-31T09:00:00Z\"}}"
            """);
        var access = Read(OneContext, $"exec: {{ command: {program} }}").Access(null, time);
        Assert.Equal("t1", await access.Token(TestContext.Current.CancellationToken));
        Assert.Equal("t1", await access.Token(TestContext.Current.CancellationToken));

        time.Advance(TimeSpan.FromMinutes(59.5));

        Assert.Equal("t2", await access.Token(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Several_files_are_read_as_one_and_the_first_word_counts()
    {
        var (one, other) = (Path.Combine(folder, "one"), Path.Combine(folder, "other"));
        File.WriteAllText(one, "contexts: [{ name: campus, context: { cluster: far, user: me } }]\nclusters: []\n");
        File.WriteAllText(other, "contexts: [{ name: campus, context: { cluster: none } }]\nclusters: [{ name: far, cluster: { server: 'https://far:6443' } }]\nusers: [{ name: me, user: { token: abc } }]\n");

        var access = KubeConfig.Read(one, other).Access(null, TimeProvider.System);

        Assert.Equal(("campus", new Uri("https://far:6443")), (access.Name, access.Server));
    }

    [Fact]
    public async Task A_program_that_fails_is_named_with_what_it_said()
    {
        var access = Read(OneContext, $"exec: {{ command: {Program("echo please sign in >&2; exit 7")} }}").Access(null, TimeProvider.System);

        var error = await Assert.ThrowsAsync<OperationError>(() => access.Token(TestContext.Current.CancellationToken));

        Assert.Contains("exited with code 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("please sign in", error.Details);
    }

    [Fact]
    public void Certificates_are_read_from_the_file_itself_or_from_one_beside_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(folder, "admin.key"), key.ExportPkcs8PrivateKeyPem());
        var data = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));

        var access = Read(OneContext, $"client-certificate-data: {data}, client-key: admin.key", $"certificate-authority-data: {data}").Access(null, TimeProvider.System);

        Assert.True(access.Identity!.HasPrivateKey);
        Assert.Equal("CN=admin", access.Identity.Subject);
        Assert.Equal("CN=admin", Assert.Single(access.Authority!).Subject);
    }

    [Theory]
    [InlineData("not: [closed", "is not valid YAML")]
    [InlineData("just a word", "is no kubeconfig")]
    [InlineData("contexts: []", "has 0 contexts")]
    [InlineData("contexts: [{ name: campus, context: { user: me } }]", "names no cluster")]
    [InlineData("contexts: [{ name: campus, context: { cluster: one } }]\nclusters: [{ name: one, cluster: {} }]", "has no address")]
    [InlineData("contexts: [{ name: campus, context: { cluster: one } }]\nclusters: [{ name: one, cluster: { server: 'https://c', certificate-authority-data: '!' } }]", "certificate-authority cannot be read")]
    public void A_file_that_is_wrong_is_refused_with_the_reason(string text, string problem)
    {
        var file = Path.Combine(folder, "config");
        File.WriteAllText(file, text);

        var error = Assert.Throws<OperationError>(() => KubeConfig.Read(file).Access(null, TimeProvider.System));

        Assert.Equal(ErrorKind.Configuration, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.Contains("cannot be read", Assert.Throws<OperationError>(() => KubeConfig.Read(Path.Combine(folder, "none"))).Message, StringComparison.Ordinal);

    private const string OneContext = "contexts: [{ name: campus, context: { cluster: one, user: me } }]";

    private KubeConfig Read(string contexts, string user, string cluster = "")
    {
        var file = Path.Combine(folder, "config");
        File.WriteAllText(file, $"{contexts}\nclusters: [{{ name: one, cluster: {{ server: 'https://cluster.example.edu:6443', {cluster} }} }}]\nusers: [{{ name: me, user: {{ {user} }} }}]\n");
        return KubeConfig.Read(file);
    }

    private string Program(string text)
    {
        var file = Path.Combine(folder, "credential");
        File.WriteAllText(file, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
