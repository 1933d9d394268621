namespace Provost.Runbooks.Tools;

/// <summary>What a docker command said when it failed, as an error with a remedy.</summary>
internal static class DockerFailure
{
    // How lines begin, or what stands in them, that are the engine's own words during a build; the others are those of programs that run in it.
    private static readonly string[] OfEngine = ["Error response from daemon", "failed to resolve source metadata", "failed to load metadata", "failed to do request", "pull access denied", "failed to copy: "];

    public static OperationError Of(string what, IReadOnlyList<string> lines) => Error(what, lines, Engine(lines) ?? Outside(lines));

    /// <summary>A build prints what its steps print: that npm cannot reach its registry says nothing about ours.</summary>
    public static OperationError OfBuild(string what, IReadOnlyList<string> lines) =>
        Error(what, lines, Engine(lines) ?? Outside([.. lines.Where(line => OfEngine.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)))]));

    private static OperationError Error(string what, IReadOnlyList<string> lines, (ErrorKind Kind, string Reason, string Remedy)? known)
    {
        var (kind, reason, remedy) = known ?? (ErrorKind.Failed, Reason(lines), "the last lines of what Docker said are below");
        return new(kind, $"{what}: {reason}", remedy, [.. lines.TakeLast(20)]);
    }

    private static (ErrorKind Kind, string Reason, string Remedy)? Engine(IReadOnlyList<string> lines)
    {
        bool Said(string text) => Contain(lines, text);
        return 0 switch
        {
            _ when Said("Cannot connect to the Docker daemon") || Said("failed to connect to the docker API") =>
                (ErrorKind.Machine, "no Docker engine answers", "start it (systemctl start docker), or set DOCKER_HOST to one that runs"),
            _ when Said("permission denied while trying to connect") || (Said("dial unix") && Said("permission denied")) =>
                (ErrorKind.Machine, "this user may not use the Docker engine", "add the user to the group docker and sign in again, or use rootless Docker"),
            _ when (Said("client version") && Said("too old")) || (Said("client version") && Said("too new")) =>
                (ErrorKind.Machine, "the engine and the docker command do not understand each other", "upgrade the older of the two to Docker 20.10 or newer"),
            _ when Said("no space left on device") =>
                (ErrorKind.Machine, "the disk of the Docker engine is full", "free some (docker system df shows what uses it, docker builder prune and docker image prune give it back) and run this again"),
            _ => null,
        };
    }

    private static (ErrorKind Kind, string Reason, string Remedy)? Outside(IReadOnlyList<string> lines)
    {
        bool Said(string text) => Contain(lines, text);
        return 0 switch
        {
            _ when Said("port is already allocated") || Said("address already in use") =>
                (ErrorKind.Machine, "a port is taken by another program", "stop that program (ss -ltnp shows it), or set another port in provost.yaml"),
            _ when Said("Range of CPUs") =>
                (ErrorKind.Machine, "the machine has fewer processors than a container may use", "set PROVOST_CPUS in .env beside compose.yaml, or services.*.resources.cpus in provost.yaml, to what it has"),
            _ when Said("verification failed for digest") || Said("unexpected commit digest") || Said("failed size validation") =>
                (ErrorKind.Refused, "the registry serves other bytes than the digest names", "do not run them: its storage is damaged or was tampered with; push the image again from a build you trust"),
            _ when Said("x509:") || Said("certificate signed by unknown authority") =>
                (ErrorKind.Machine, "the engine does not trust the certificate of the registry", "put the certificate of its authority into /etc/docker/certs.d/HOST:PORT/ca.crt"),
            _ when Said("unauthorized") || Said("no basic auth credentials") || Said("access denied") || Said("denied:") =>
                (ErrorKind.Refused, "the registry refuses the credentials", "sign in to it (docker login HOST:PORT), or check the user and the password file of the registry"),
            _ when Said("no such host") || Said("connection refused") || Said("i/o timeout") || Said("TLS handshake timeout") || Said("network is unreachable") =>
                (ErrorKind.Machine, "the registry cannot be reached", "check its address and port, the network and the proxy of the engine"),
            _ when Said("manifest unknown") || Said("not found: manifest") =>
                (ErrorKind.Failed, "the registry does not have it", "push it first: provost images push"),
            _ => null,
        };
    }

    private static bool Contain(IReadOnlyList<string> lines, string text) => lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));

    // The compiler's first error says more than the command that failed because of it.
    private static string Reason(IReadOnlyList<string> lines) =>
        lines.FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal)) ?? lines.LastOrDefault(line => line.Length > 0) ?? "docker gave no reason";
}
