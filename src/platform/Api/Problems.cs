using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Provost.Gradebooks;

namespace Provost.Api;

/// <summary>Every failure as ProblemDetails: title = what happened, detail = where and what to do next.</summary>
internal sealed class Problems(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Describe(exception) is not { } problem)
            return false;
        if (exception is ApiError { RetryAfterSeconds: { } seconds })
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    /// <summary>Null for what nobody expected: that is a 500 without details, and the log has the rest.</summary>
    public static ProblemDetails? Describe(Exception exception) => exception switch
    {
        ApiError error => new ProblemDetails { Status = error.Status, Title = error.What, Detail = error.Remedy },
        GradebookError error => OfGradebook(error),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ProblemDetails
        {
            Status = StatusCodes.Status413PayloadTooLarge,
            Title = "The file is larger than this installation accepts",
            Detail = "Import one course per file, or raise gateway.maxRequestMegabytes",
        },
        BadHttpRequestException error => new ProblemDetails
        {
            Status = error.StatusCode,
            Title = "The request cannot be understood",
            Detail = error.Message,
        },
        _ => null,
    };

    private static ProblemDetails OfGradebook(GradebookError error)
    {
        var problem = new ProblemDetails { Status = StatusCodes.Status422UnprocessableEntity, Title = error.What, Detail = error.Remedy };
        if (error.Line is { } line)
            problem.Extensions["line"] = line;
        if (error.Column is { } column)
            problem.Extensions["column"] = column;
        return problem;
    }
}
