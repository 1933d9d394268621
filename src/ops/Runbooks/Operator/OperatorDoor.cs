using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Operator;

/// <summary>Where the operator API of a site is reached from this machine, and what opens it.</summary>
/// <param name="Url">The public address: sign-in links start with it.</param>
/// <param name="Address">Where that is on this machine: the name need not resolve; null with <see cref="Connect"/>.</param>
/// <param name="Authority">PEM of the installation's own authority, which need not be trusted system-wide; null for those that are.</param>
public sealed record OperatorDoor(Uri Url, IPEndPoint? Address, string Token, string? Authority)
{
    /// <summary>Makes each connection, where there is no address; null to connect to <see cref="Address"/>.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>What those connections need; it goes with the client.</summary>
    public IDisposable? Owned { get; init; }

    /// <summary>Null when nothing was ever started there.</summary>
    public static OperatorDoor? Of(StateDirectory state) =>
        state.ReadSiteSpec() is { } spec && state.Secret(Secrets.Operator, Secrets.OperatorToken) is { } token ? Of(spec, token) : null;

    public static OperatorDoor Of(SiteSpec spec, string token)
    {
        var socket = spec.Sockets.Single(s => s.Name == ProcessRenderer.PublicSocket);
        var authority = spec.Certificate is { } certificate && File.Exists(certificate.AuthorityFile) ? File.ReadAllText(certificate.AuthorityFile) : null;
        return new OperatorDoor(new Uri(spec.PublicUrl), Near(socket.Address, socket.Port), token, authority);
    }

    /// <summary>An address to listen on as one to connect to.</summary>
    public static IPEndPoint Near(string address, int port) =>
        new(address is "0.0.0.0" or "" ? IPAddress.Loopback : address is "::" ? IPAddress.IPv6Loopback : IPAddress.Parse(address), port);

    internal SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectCallback = (_, cancellation) => Connect is null ? ConnectAsync(Address!, cancellation) : Connect(cancellation) };
        if (Authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(Authority) },
            };
        }
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var connection = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connection.ConnectAsync(address, cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
