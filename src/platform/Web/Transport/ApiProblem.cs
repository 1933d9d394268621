using System.Net;

namespace Provost.Web.Transport;

/// <summary>The one error of a call to the Api, in words for the person at the screen.</summary>
/// <param name="status">HTTP status; null when the server was not reached.</param>
/// <param name="title">What happened.</param>
/// <param name="advice">Where, and what to do next.</param>
public sealed class ApiProblem(HttpStatusCode? status, string title, string advice) : Exception(title)
{
    public HttpStatusCode? Status { get; } = status;
    public string Title { get; } = title;
    public string Advice { get; } = advice;

    public static ApiProblem Unreachable() => new(
        null, "The server cannot be reached", "Check your connection. Nothing was lost; try again in a moment.");

    internal static ApiProblem From(HttpStatusCode status, ProblemBody? body) => new(
        status, body?.Title is { Length: > 0 } title ? title : TitleOf(status), Advise(status, body));

    private static string Advise(HttpStatusCode status, ProblemBody? body)
    {
        var errors = body?.Errors is { Count: > 0 } found ? string.Join(" ", found.SelectMany(entry => entry.Value)) : null;
        var detail = string.Join(" ", new[] { body?.Detail, errors }.Where(part => !string.IsNullOrWhiteSpace(part)));
        var place = (body?.Line, body?.Column) switch
        {
            (null, null) => "",
            ({ } line, null) => $"Line {line}. ",
            (null, { } column) => $"Column “{column}”. ",
            var (line, column) => $"Line {line}, column “{column}”. ",
        };
        return place + (detail.Length > 0 ? detail : AdviceOf(status));
    }

    private static string TitleOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "You are signed out",
        HttpStatusCode.Forbidden => "This is not yours to see",
        HttpStatusCode.NotFound => "Nothing is here",
        HttpStatusCode.RequestEntityTooLarge => "The file is too large",
        HttpStatusCode.TooManyRequests => "Too many requests",
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => "The server is busy or restarting",
        _ when (int)status >= 500 => "The server could not answer",
        _ => "The request was refused",
    };

    private static string AdviceOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "Sign in again to go on.",
        HttpStatusCode.Forbidden => "Your role in this course does not include this page. Ask your administrator if it should.",
        HttpStatusCode.NotFound => "It may have been removed, or the address is mistyped. Go back to your courses.",
        HttpStatusCode.RequestEntityTooLarge => "Export one course at a time, or ask the operator to raise the limit.",
        HttpStatusCode.TooManyRequests => "Wait a minute, then try again.",
        _ => "Try again in a moment. If it stays, tell the operator the time at which it happened.",
    };
}
