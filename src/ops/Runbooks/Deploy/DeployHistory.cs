using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Deploy;

/// <summary>One time that a release and a configuration went live, or tried to.</summary>
/// <param name="Configuration">Digest of provost.yaml as it was then.</param>
public sealed record DeployedRelease(string Release, string Configuration, string Verb, DateTimeOffset At, string Who, double Seconds, string Result);

/// <summary>What went live when, from the ledger, and each provost.yaml as it was then.</summary>
public sealed class DeployHistory(StateDirectory state, TimeProvider time)
{
    private const string Done = "done";
    private const string Returned = "returned";
    private static readonly string[] Verbs = ["up", "deploy", "rollback"];

    private readonly Ledger ledger = Ledger.Of(state, time);

    public IReadOnlyList<DeployedRelease> All => [.. ledger.Read().Where(e => Verbs.Contains(e.Verb)).Select(e => new DeployedRelease(
        e.Subject, e.Details?["configuration"]?.GetValue<string>() ?? "", e.Verb, e.At, e.Who, e.Seconds, e.Result))];

    /// <summary>The releases that were live last, newest first.</summary>
    internal IReadOnlyList<string> LastLive(int count) => [.. All.Where(d => d.Result == Done).Reverse().Select(d => d.Release).Distinct().Take(count)];

    public static string Digest(string configuration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(configuration)))[..12];

    /// <summary>Notes a start, unless what it started was live already.</summary>
    public void NoteUp(string release, string configuration, double seconds)
    {
        if (All.LastOrDefault(d => d.Result == Done) is { } live && live.Release == release && live.Configuration == Digest(configuration))
        {
            return;
        }
        Keep(configuration);
        ledger.Append(new LedgerRecord("up", release, Done, seconds, new JsonObject { ["configuration"] = Digest(configuration) }));
    }

    /// <summary>Notes a deployment; a rehearsal is noted by its drill as a whole.</summary>
    public void Note(DeployRequest request, DeployReport report)
    {
        if (!Verbs.Contains(request.Verb))
        {
            return;
        }
        Keep(request.Configuration);
        ledger.Append(new LedgerRecord(request.Verb, report.Release, report.RolledBack ? Returned : Done, report.DurationSeconds, new JsonObject
        {
            ["from"] = report.From,
            ["configuration"] = Digest(request.Configuration),
            ["steps"] = new JsonObject(report.Steps.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.Seconds))),
            ["requests"] = report.Requests,
            ["failed"] = report.Failed,
            ["longestGapMs"] = report.LongestGapMs,
            ["sessionsMoved"] = report.SessionsMoved,
            ["reason"] = report.Reason,
        }));
    }

    /// <summary>Notes a deployment whose own command could not; false when the ledger has it.</summary>
    internal bool NoteSettled(DeployNote note, bool isCommitted)
    {
        var verb = Verbs.Contains(note.Verb) ? note.Verb : "deploy";
        if (ledger.Read().Any(e => e.Verb == verb && e.Subject == note.Release && e.At >= note.Began))
        {
            return false;
        }
        Keep(note.Configuration);
        ledger.Append(new LedgerRecord(verb, note.Release, isCommitted ? Done : Returned, (time.GetUtcNow() - note.Began).TotalSeconds, new JsonObject
        {
            ["from"] = note.From,
            ["configuration"] = Digest(note.Configuration),
            ["reason"] = "broken off, and settled by the next command",
        }));
        return true;
    }

    /// <summary>What was live before a release and is still installed; null when there is none.</summary>
    public string? EarlierThan(string release) =>
        All.LastOrDefault(d => d.Result == Done && d.Release != release && ReleaseFolder.IsInstalled(state, d.Release))?.Release;

    /// <summary>Where a rollback leads: the given release, or what was live before, with its configuration as it was then.</summary>
    public (string Release, string Configuration) Before(string? version)
    {
        var live = All.Where(d => d.Result == Done).ToList();
        if (live is not [.., var now])
        {
            throw new OperationError(ErrorKind.Refused, "the ledger knows of no release that was live", "deploy one: provost deploy");
        }
        var wanted = version is null ? null : ReleaseFolder.Find(state, version);
        var earlier = live.LastOrDefault(d => wanted is null
            ? (d.Release != now.Release || d.Configuration != now.Configuration) && ReleaseFolder.IsInstalled(state, d.Release)
            : d.Release == wanted);
        return earlier is not null ? (earlier.Release, Configuration(earlier.Configuration)) : throw new OperationError(
            ErrorKind.Refused, wanted is null ? "nothing was live before what runs now" : $"{wanted} was never live here", "provost releases shows what was; provost deploy VERSION takes any that is installed");
    }

    private void Keep(string configuration)
    {
        var folder = Path.Combine(state.Root, "configurations");
        PrivateFiles.CreateDirectory(folder);
        var file = Path.Combine(folder, Digest(configuration) + ".yaml");
        if (!File.Exists(file))
        {
            PrivateFiles.Write(file, Encoding.UTF8.GetBytes(configuration));
        }
    }

    private string Configuration(string digest)
    {
        var file = Path.Combine(state.Root, "configurations", digest + ".yaml");
        return File.Exists(file) ? File.ReadAllText(file)
            : throw new OperationError(ErrorKind.Refused, $"the configuration of that release is gone: {file}", "deploy the release with the present provost.yaml: provost deploy VERSION");
    }
}
