using System.Net;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>The API server said no: its own words, and what it is about.</summary>
public sealed class ApiRefusal(HttpStatusCode status, string reason, string message, string request) : Exception(message)
{
    public HttpStatusCode Status => status;

    /// <summary>One word of the server: NotFound, AlreadyExists, Conflict, Forbidden, Invalid.</summary>
    public string Reason => reason;

    /// <summary>What the server says of single fields.</summary>
    public IReadOnlyList<(string Field, string Message)> Causes { get; init; } = [];

    public bool IsNotFound => status is HttpStatusCode.NotFound;

    public bool IsConflict => status is HttpStatusCode.Conflict;

    public bool IsForbidden => status is HttpStatusCode.Forbidden;

    /// <summary>For people: what was refused and what to do about it.</summary>
    public OperationError Explain() => status switch
    {
        HttpStatusCode.Unauthorized => new(
            ErrorKind.Refused, "the cluster does not know who you are", "sign in to the cluster again, or name another --context", [Message]),
        // Quotas and admission refuse with 403 too, in words of their own.
        HttpStatusCode.Forbidden when Message.Contains("exceeded quota", StringComparison.Ordinal) => new(
            ErrorKind.Refused, $"a quota of the namespace does not allow it: {request}", "raise kubernetes.quotaHeadroom in provost.yaml, or ask for a larger quota", [Message]),
        HttpStatusCode.Forbidden => new(
            ErrorKind.Refused, $"the cluster does not allow it: {request}", "ask for exactly the right that the line above names", [Message]),
        HttpStatusCode.Conflict => new(
            ErrorKind.Refused, $"somebody else manages a field that provost must set: {request}", "remove their change, or hand the field over with: kubectl apply --server-side --force-conflicts", [Message]),
        HttpStatusCode.UnprocessableEntity => new(
            ErrorKind.Refused, $"the cluster finds an object wrong: {request}", "the line above names the field; a field that cannot change needs the object to be deleted first", [Message]),
        HttpStatusCode.NotFound => new(
            ErrorKind.Machine, $"the cluster has no such thing: {request}", "check the namespace and, for kinds that are not Kubernetes' own, that their operator is installed", [Message]),
        _ => new(ErrorKind.Failed, $"the cluster answered {(int)status} to {request}", "look at the events of the cluster, then run this again", [Message]),
    };
}
