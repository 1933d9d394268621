namespace Provost.Runbooks;

/// <summary>Why an operation ended. The command line maps each to its exit code.</summary>
public enum ErrorKind
{
    /// <summary>Something failed that should not have.</summary>
    Failed,

    /// <summary>provost.yaml is refused.</summary>
    Configuration,

    /// <summary>The machine lacks something, or a port or a file is in the way.</summary>
    Machine,

    /// <summary>Something did not get ready in time.</summary>
    NotReady,

    /// <summary>The installation does not run.</summary>
    NotRunning,

    /// <summary>The platform or a safeguard said no.</summary>
    Refused,
}

/// <summary>An expected failure: what happened, what to do next, and what was seen (probe answers, log lines).</summary>
public sealed class OperationError(ErrorKind kind, string what, string remedy, IReadOnlyList<string>? details = null, Exception? cause = null)
    : Exception(what, cause)
{
    public ErrorKind Kind => kind;

    public string Remedy => remedy;

    public IReadOnlyList<string> Details => details ?? [];
}
