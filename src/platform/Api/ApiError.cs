namespace Provost.Api;

/// <summary>The one expected failure of this service: what happened, what to do next, and the status it is answered with.</summary>
internal sealed class ApiError(int status, string what, string remedy) : Exception($"{what}. {remedy}")
{
    public int Status { get; } = status;

    public string What { get; } = what;

    public string Remedy { get; } = remedy;

    /// <summary>Seconds after which trying again makes sense; null when it does not.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ApiError Invalid(string what, string remedy) => new(StatusCodes.Status422UnprocessableEntity, what, remedy);

    public static ApiError NotFound(string what, string remedy) => new(StatusCodes.Status404NotFound, what, remedy);

    public static ApiError Conflict(string what, string remedy) => new(StatusCodes.Status409Conflict, what, remedy);

    public static ApiError Unavailable(string store) =>
        new(StatusCodes.Status503ServiceUnavailable, $"The {store} store does not answer", "Try again in a few seconds; nothing was changed")
        {
            RetryAfterSeconds = 3,
        };
}
