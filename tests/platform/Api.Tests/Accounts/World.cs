using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Accounts;

/// <summary>One course with sections A, B and C and everybody who may knock: what the role matrix is asked in.</summary>
internal sealed class World : IAsyncDisposable
{
    public const int Students = 30;

    private readonly Dictionary<Caller, ApiClient> clients = [];

    private World(ApiServer api, string course) => (Api, CourseName) = (api, course);

    public ApiServer Api { get; }

    public string CourseName { get; }

    public string Course { get; private set; } = "";

    /// <summary>Keys of students by section.</summary>
    public ILookup<string, string> Keys { get; private set; } = Enumerable.Empty<string>().ToLookup(key => key);

    /// <summary>Key of the student who is signed in.</summary>
    public string Self { get; private set; } = "";

    /// <summary>What the file calls student i: every row has a name, an id and a login of its own.</summary>
    public static string Login(int i) => $"u{i}";

    public ApiClient this[Caller caller] => clients[caller];

    public static async Task<World> MakeAsync(RealStores stores)
    {
        var name = $"World {Guid.NewGuid():N}"[..18];
        var world = new World(await ApiServer.StartAsync(stores), name);
        await world.FillAsync();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        await Api.DisposeAsync();
    }

    private async Task FillAsync()
    {
        Course = (await Api.ImportAsync(CourseName, SeededGradebook.Canvas(Students, 10))).Course;
        await Api.ImportAsync(CourseName + " x", SeededGradebook.Canvas(12, 6, seed: 2));
        clients[Caller.Anonymous] = new ApiClient(Api.Url);
        await clients[Caller.Anonymous].SessionAsync();
        clients[Caller.Admin] = await Api.SignInAsync($"admin-{Course}", Role.Admin);
        clients[Caller.Professor] = await Api.SignInAsync($"professor-{Course}", Role.Professor, CourseName);
        clients[Caller.OtherProfessor] = await Api.SignInAsync($"other-professor-{Course}", Role.Professor, CourseName + " x");
        clients[Caller.TA] = await Api.SignInAsync($"ta-a-{Course}", Role.TA, CourseName, ["Section A"]);
        clients[Caller.OtherTA] = await Api.SignInAsync($"ta-b-{Course}", Role.TA, CourseName, ["Section B"]);
        clients[Caller.Student] = await Api.SignInAsync($"student-0-{Course}", Role.Student, CourseName, student: Login(0));
        clients[Caller.OtherStudent] = await Api.SignInAsync($"student-1-{Course}", Role.Student, CourseName, student: Login(1));
        clients[Caller.Operator] = new ApiClient(Api.Url);
        clients[Caller.Operator].Http.DefaultRequestHeaders.Authorization = Api.Operator.DefaultRequestHeaders.Authorization;

        var overview = await this[Caller.Professor].GetAsync<CourseOverview>($"api/courses/{Course}/overview");
        Keys = overview.Triage.ToLookup(row => row.Section!, row => row.Student);
        Self = (await this[Caller.Student].SessionAsync()).Memberships.Single().Student!;
    }
}

/// <summary>Who calls.</summary>
public enum Caller { Anonymous, Admin, Professor, OtherProfessor, TA, OtherTA, Student, OtherStudent, Operator }
