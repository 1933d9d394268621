using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Provost.Api.Accounts;
using Provost.Api.Live;
using Provost.Api.Tests.Harness;

namespace Provost.Api.Tests.Accounts;

/// <summary>Who may call what: declared, complete, and true when really called.</summary>
public sealed class EndpointMatrixTests(RealStores stores)
{
    [Fact]
    public async Task Every_endpoint_stands_in_the_matrix_and_declares_who_may_call_it()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var endpoints = api.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();

        Assert.Equal(EndpointMatrix.Lines.Select(line => line.Route).Order(), endpoints.SelectMany(Routes).Distinct().Order());
        Assert.All(endpoints, endpoint => Assert.True(
            endpoint.Metadata.GetMetadata<Access>() is not null || Undeclared.BelongsToHosting(endpoint),
            $"{endpoint.DisplayName} declares nothing"));
    }

    [Fact]
    public void Every_method_of_the_hub_is_covered_by_the_live_tests() => Assert.Equal(
        ["Unwatch", "Watch"],
        typeof(LiveHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetBaseDefinition() == method).Select(method => method.Name).Order());

    [Fact]
    public async Task Each_caller_gets_what_the_matrix_says_and_no_foreign_row()
    {
        await using var world = await World.MakeAsync(stores);
        var wrong = new List<string>();
        foreach (var line in EndpointMatrix.Lines)
            foreach (var caller in Enum.GetValues<Caller>())
            {
                using var request = new HttpRequestMessage(new HttpMethod(Method(line)), line.Path(world)) { Content = line.Body?.Invoke(world) };
                using var answer = await world[caller].Http.SendAsync(request);
                var (status, body) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
                if (!IsAsExpected(line, caller, status))
                    wrong.Add($"{caller} {line.Route}: {status} {body[..Math.Min(200, body.Length)]}");
                wrong.AddRange(Foreign(world, caller, body).Select(row => $"{caller} {line.Route} shows {row}"));
            }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_course_that_is_not_there_is_refused_like_one_that_is_not_yours()
    {
        await using var world = await World.MakeAsync(stores);

        using var foreign = await world[Caller.OtherProfessor].Http.GetAsync($"api/courses/{world.Course}/overview");
        using var missing = await world[Caller.OtherProfessor].Http.GetAsync("api/courses/no-such-course/overview");

        Assert.Equal(foreign.StatusCode, missing.StatusCode);
        Assert.Equal(WithoutTrace(await foreign.Content.ReadAsStringAsync()), WithoutTrace(await missing.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_TA_finds_no_student_of_another_section()
    {
        await using var world = await World.MakeAsync(stores);
        var own = world.Keys["Section A"].First();

        using var allowed = await world[Caller.TA].Http.GetAsync($"api/courses/{world.Course}/students/{own}");
        using var foreign = await world[Caller.OtherTA].Http.GetAsync($"api/courses/{world.Course}/students/{own}");

        Assert.Equal((200, 404), ((int)allowed.StatusCode, (int)foreign.StatusCode));
    }

    private static bool IsAsExpected(MatrixLine line, Caller caller, int status)
    {
        if (line.Allowed.Length == 0 || line.Allowed.Contains(caller))
            return line.Expected.Contains(status);
        // The operator's token is no session, and without a session there is no antiforgery token either.
        return caller is Caller.Anonymous or Caller.Operator ? status is 401 or 400 : status is 403 or 401 && (status == 403 || line.Route.Contains("/operator/", StringComparison.Ordinal));
    }

    // Which students' keys and names must not be in what a caller reads.
    private static IEnumerable<string> Foreign(World world, Caller caller, string body)
    {
        string[] own = caller switch
        {
            Caller.Professor => [.. world.Keys.SelectMany(section => section)],
            Caller.TA => [.. world.Keys["Section A"]],
            Caller.OtherTA => [.. world.Keys["Section B"]],
            Caller.Student => [world.Self],
            Caller.OtherStudent => [.. world.Keys.SelectMany(section => section).Except([world.Self])],
            _ => [],
        };
        var foreign = world.Keys.SelectMany(section => section).Except(own).Where(key => body.Contains(key, StringComparison.Ordinal));
        // Accounts of students name their key to who administers accounts; that is no row of marks.
        if (caller is Caller.Admin or Caller.Operator && body.Contains("\"memberships\"", StringComparison.Ordinal))
            foreign = [];
        int[] named = caller switch
        {
            Caller.Professor => [.. Enumerable.Range(0, World.Students)],
            Caller.TA => [.. Enumerable.Range(0, World.Students).Where(i => i % 3 == 0)],
            Caller.OtherTA => [.. Enumerable.Range(0, World.Students).Where(i => i % 3 == 1)],
            Caller.Student => [0],
            Caller.OtherStudent => [1],
            _ => [],
        };
        var names = Enumerable.Range(0, World.Students).Except(named)
            .Select(i => $"Sample{i}").Where(name => System.Text.RegularExpressions.Regex.IsMatch(body, $@"\b{name}\b"));
        return foreign.Concat(names);
    }

    private static IEnumerable<string> Routes(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
        return methods is null or { Count: 0 } ? [$"* {route}"] : methods.Where(method => method != "OPTIONS").Select(method => $"{method} {route}");
    }

    private static string Method(MatrixLine line) => line.Route.Split(' ')[0] is var method && method == "*" ? "GET" : method;

    private static string WithoutTrace(string problem) => System.Text.RegularExpressions.Regex.Replace(problem, "\"traceId\":\"[^\"]*\"", "");
}
