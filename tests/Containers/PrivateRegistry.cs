using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Provost.Runbooks.Images.Registries;

namespace Provost.Containers.Tests;

/// <summary>A real registry (docker-registry) with the files that <c>provost images registry</c> writes: TLS by an internal authority, accounts.</summary>
internal sealed class PrivateRegistry : IAsyncDisposable
{
    public const string User = "provost";
    private readonly string folder;
    private readonly Process process;

    private PrivateRegistry(string folder, int port, Process process) => (this.folder, Port, this.process) = (folder, port, process);

    public int Port { get; }

    public string Host => $"localhost:{Port}";

    public string Data => Path.Combine(folder, "data");

    public string Authority => Path.Combine(folder, "ca.crt");

    public string PasswordFile => Path.Combine(folder, "password");

    public string[] Options => ["--registry", $"{Host}/campus/provost", "--registry-user", User, "--registry-password-file", PasswordFile, "--registry-ca", Authority];

    /// <param name="data">Where the registry stores; null for a folder of its own.</param>
    public static async Task<PrivateRegistry> StartAsync(string folder, string? data = null)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort();
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), password + "\n");
        WriteCertificates(folder);
        var places = new RegistryPlaces(folder, data ?? Path.Combine(folder, "data"), $"127.0.0.1:{port}", Health: null);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yml"), RegistryFiles.Configuration(places));
        await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), RegistryFiles.Accounts(User, password));
        var process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", Path.Combine(folder, "config.yml")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (var i = 0; i < 100 && !await AnswersAsync(port); i++)
        {
            await Task.Delay(100);
        }
        return new(folder, port, process);
    }

    public string BasicCredentials() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{File.ReadAllText(PasswordFile).Trim()}"));

    /// <summary>Changes one byte of a stored blob, as a failing disk or an intruder would.</summary>
    public void Damage(string digest)
    {
        var path = Path.Combine(Data, "docker/registry/v2/blobs/sha256", digest[7..9], digest[7..], "data");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The engine reads the authorities of registries from its own folder, by host and port.</summary>
    public void TrustByEngine()
    {
        Directory.CreateDirectory(EngineTrust);
        File.Copy(Authority, Path.Combine(EngineTrust, "ca.crt"));
    }

    private bool ended;

    private string EngineTrust => $"/etc/docker/certs.d/{Host}";

    public async ValueTask DisposeAsync()
    {
        if (ended)
        {
            return;
        }
        ended = true;
        if (Directory.Exists(EngineTrust))
        {
            Directory.Delete(EngineTrust, recursive: true);
        }
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public static int FreePort() => Harness.FreePort.Next();

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void WriteCertificates(string folder)
    {
        var server = ServerCertificate.Create("localhost");
        File.WriteAllText(Path.Combine(folder, "ca.crt"), server.Authority);
        File.WriteAllText(Path.Combine(folder, "tls.crt"), server.Certificate);
        File.WriteAllText(Path.Combine(folder, "tls.key"), server.Key);
    }
}
