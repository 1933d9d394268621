using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>
/// An API server as small as can be: keeps objects by path, knows server-side apply and dry runs, and rolls workloads out. It can
/// refuse, wait, break watches off, and let a rollout stall.
/// </summary>
internal sealed class StandInCluster : IDisposable
{
    private static readonly HashSet<string> Collections =
    [
        "deployments", "statefulsets", "daemonsets", "jobs", "pods", "configmaps", "events", "secrets", "services", "serviceaccounts", "roles", "rolebindings", "networkpolicies",
        "resourcequotas", "limitranges", "horizontalpodautoscalers", "persistentvolumeclaims", "namespaces", "nodes", "storageclasses", "ingressclasses",
    ];

    private readonly HttpListener listener;
    private readonly Lock gate = new();
    private int version = 100;
    private int watches;

    public StandInCluster()
    {
        (listener, Address) = Listen();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>Objects by path.</summary>
    public SortedDictionary<string, JsonObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked, in order: "PATCH /apis/...".</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What was asked after the paths: "?watch=1".</summary>
    public ConcurrentQueue<string> Queries { get; } = [];

    /// <summary>Answers instead of the server: method and path to status, reason and message; null to go on.</summary>
    public Func<string, string, (int Status, string Reason, string Message)?> Refuse { get; set; } = (_, _) => null;

    public TimeSpan Delay { get; set; }

    /// <summary>Objects that somebody else applied, by path; without force the server refuses to change them.</summary>
    public Dictionary<string, string> Managers { get; } = [];

    /// <summary>Rights that the user has not: "delete leases".</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>Images with this word in their name are never pulled.</summary>
    public string BadImage { get; set; } = "broken";

    /// <summary>What every container wrote.</summary>
    public string Log { get; set; } = "the last words of the container";

    /// <summary>Exit code of every job; null for jobs whose pods never start.</summary>
    public int? JobsEndWith { get; set; } = 0;

    /// <summary>Whether workloads get ready at all.</summary>
    public bool Rolls { get; set; } = true;

    /// <summary>Watches end after this many events.</summary>
    public int WatchEvents { get; set; } = int.MaxValue;

    public int Watches => watches;

    /// <summary>Port of this machine behind the ports of all pods.</summary>
    public int PodPort { get; set; }

    public ApiConnection Connect() => new(new ClusterAccess("stand-in", Address, null, null, _ => Task.FromResult<string?>("token")));

    public void Dispose() => listener.Close();

    public JsonObject? Find(string path)
    {
        lock (gate)
        {
            return Objects.GetValueOrDefault(path);
        }
    }

    public void Put(string path, JsonObject body)
    {
        lock (gate)
        {
            Store(path, body);
        }
    }

    // The listener takes no port 0: one that was free a moment ago, and another one when somebody was faster.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            free.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                return (listener, new Uri(address));
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Next.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (method, path) = (context.Request.HttpMethod, context.Request.Url!.AbsolutePath);
            Requests.Enqueue($"{method} {path}");
            Queries.Enqueue(context.Request.Url.Query);
            await Task.Delay(Delay);
            if (context.Request.QueryString["watch"] is "1")
            {
                await WatchAsync(context, path);
                return;
            }
            if (context.Request.IsWebSocketRequest && Refuse(method, path) is null)
            {
                await StandInForward.ServeAsync(context, PodPort);
                return;
            }
            var body = context.Request.HasEntityBody ? await new StreamReader(context.Request.InputStream).ReadToEndAsync() : "";
            var (status, answer) = Refuse(method, path) is { } refusal
                ? (refusal.Status, StatusOf(refusal.Status, refusal.Reason, refusal.Message))
                : method == "PATCH" && Managers.TryGetValue(path, out var manager) && context.Request.QueryString["force"] is null && IsApply(context)
                ? (409, StatusOf(409, "Conflict", $"Apply failed with 1 conflict: conflict with \"{manager}\" using apps/v1: .spec.template.spec.containers[name=\"api\"].image"))
                : Answer(method, path, context.Request, body);
            await WriteAsync(context, status, answer);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or WebSocketException)
        {
            // The client is gone.
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or NullReferenceException)
        {
            // No silence: who waits for an answer learns what the stand-in cannot do.
            await WriteAsync(context, 400, StatusOf(400, "BadRequest", $"the stand-in: {e}"));
        }
    }

    private static bool IsApply(HttpListenerContext context) => context.Request.ContentType?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true;

    private (int Status, JsonNode Answer) Answer(string method, string path, HttpListenerRequest request, string body)
    {
        var (dry, selector, manager) = (request.QueryString["dryRun"] is not null, request.QueryString["labelSelector"], request.QueryString["fieldManager"] ?? "");
        lock (gate)
        {
            if (request.ContentType?.StartsWith("application/json-patch", StringComparison.Ordinal) == true)
            {
                return Objects.TryGetValue(path, out var patched) ? (200, Replace(patched, JsonNode.Parse(body)!.AsArray())) : (404, StatusOf(404, "NotFound", $"{path} not found"));
            }
            if (path.EndsWith("/log", StringComparison.Ordinal))
            {
                return (200, JsonValue.Create(Log));
            }
            var json = body.Length > 0 ? JsonNode.Parse(body)!.AsObject() : [];
            return method switch
            {
                "GET" when Objects.TryGetValue(path, out var found) => (200, found.DeepClone()),
                "GET" when IsCollection(path) => (200, List(path, selector)),
                "PATCH" when request.ContentType?.StartsWith("application/merge-patch", StringComparison.Ordinal) == true => (200, Merge(path, json)),
                "PATCH" when Objects.TryGetValue(path, out var set) && Fixed.Any(field => !JsonNode.DeepEquals(set["spec"]?[field], json["spec"]?[field])) =>
                    (422, StatusOf(422, "Invalid", "updates to statefulset spec for fields other than 'replicas' are forbidden")),
                "PATCH" when request.QueryString["force"] is null && StandInFields.Conflict(json, Objects.GetValueOrDefault(path), manager) is { } details =>
                    (409, new JsonObject(StatusOf(409, "Conflict", "Apply failed with 1 conflict").Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))) { ["details"] = details }),
                "PATCH" => (200, Apply(path, json, dry, manager)),
                "POST" when path.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal) => (201, Review(json)),
                "POST" when Objects.ContainsKey($"{path}/{NameOf(json)}") => (409, StatusOf(409, "AlreadyExists", $"{NameOf(json)} already exists")),
                "POST" when path.EndsWith("/jobs", StringComparison.Ordinal) => (201, StandInDeployments.Run(Store($"{path}/{NameOf(json)}", json), Objects, JobsEndWith).DeepClone()),
                "POST" => (201, Store($"{path}/{NameOf(json)}", json).DeepClone()),
                "PUT" when Objects.TryGetValue(path, out var old) && VersionOf(json) is { } mine && mine != VersionOf(old) =>
                    (409, StatusOf(409, "Conflict", "the object has been modified")),
                "PUT" => (200, Store(path, json).DeepClone()),
                "DELETE" when Objects.TryGetValue(path, out var doomed) && json["preconditions"]?["resourceVersion"] is { } only && (string?)only != VersionOf(doomed) =>
                    (409, StatusOf(409, "Conflict", "the version in the precondition is not that of the object")),
                "DELETE" when Objects.Remove(path) => (200, RemoveBelow(path)),
                _ => (404, StatusOf(404, "NotFound", $"{path} not found")),
            };
        }
    }

    // What the server does not let change in a StatefulSet, among others.
    private static readonly string[] Fixed = ["volumeClaimTemplates", "podManagementPolicy"];

    private JsonObject Replace(JsonObject body, JsonArray patch)
    {
        foreach (var operation in patch)
        {
            var keys = ((string)operation!["path"]!).Split('/')[1..];
            keys[..^1].Aggregate((JsonNode)body, (node, key) => node[key]!)[keys[^1]] = operation["value"]?.DeepClone();
        }
        body["metadata"]!["resourceVersion"] = (++version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return body.DeepClone().AsObject();
    }

    private JsonObject Merge(string path, JsonObject change)
    {
        Objects[path]["spec"]!["resources"]!["requests"] = change["spec"]!["resources"]!["requests"]!.DeepClone();
        return Objects[path].DeepClone().AsObject();
    }

    // What is applied replaces what was applied; the server's own fields stay.
    private JsonObject Apply(string path, JsonObject json, bool dry, string manager)
    {
        var next = json.DeepClone().AsObject();
        Objects.TryGetValue(path, out var old);
        if (old is not null && json["spec"] is JsonObject { Count: 1 } alone && alone["replicas"] is { } replicas)
        {
            // One field by a manager that cares for nothing else: all others stay with theirs.
            next = old.DeepClone().AsObject();
            next["spec"]!["replicas"] = replicas.DeepClone();
        }
        StandInFields.Apply(next, old, manager);
        if (old is not null)
        {
            next["metadata"]!["resourceVersion"] = old["metadata"]!["resourceVersion"]?.DeepClone();
            next["metadata"]!["generation"] = old["metadata"]!["generation"]?.DeepClone();
            next["status"] = old["status"]?.DeepClone();
        }
        return dry ? next : Store(path, next).DeepClone().AsObject();
    }

    private JsonObject Review(JsonObject review)
    {
        var asked = review["spec"]!["resourceAttributes"]!;
        review["status"] = new JsonObject { ["allowed"] = !Denied.Contains($"{asked["verb"]} {asked["resource"]}") };
        return review.DeepClone().AsObject();
    }

    private JsonObject Store(string path, JsonObject json)
    {
        var stored = json.DeepClone().AsObject();
        var changed = !Objects.TryGetValue(path, out var old) || !JsonNode.DeepEquals(old["spec"], stored["spec"]);
        stored["metadata"]!["resourceVersion"] = (++version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        stored["metadata"]!["uid"] = "uid-" + path;
        if (stored["kind"]?.GetValue<string>() is "Deployment" or "StatefulSet" && changed)
        {
            stored["metadata"]!["generation"] = ((int?)old?["metadata"]?["generation"] ?? 0) + 1;
            if (stored["spec"]!["volumeClaimTemplates"] is not null)
            {
                StandInSets.Roll(stored, old, Objects, Rolls, BadImage);
            }
            else
            {
                StandInDeployments.Roll(stored, old, Objects, Rolls, BadImage);
            }
        }
        Objects[path] = stored;
        return stored;
    }

    private JsonObject List(string path, string? selector) => new()
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        ["items"] = new JsonArray([.. Objects.Where(p => p.Key.StartsWith(path + "/", StringComparison.Ordinal)).Select(p => p.Value)
            .Where(o => selector is null || Selects(selector, o)).Select(o => o.DeepClone())]),
    };

    private static bool Selects(string selector, JsonObject body)
    {
        var words = selector.Split('=');
        return (string?)body["metadata"]?["labels"]?[words[0]] is { } value && (words.Length == 1 || value == words[1]);
    }

    private JsonObject RemoveBelow(string path)
    {
        // A pod that is deleted comes again, as its StatefulSet says by now.
        foreach (var set in Objects.Values.Where(o => (string?)o["kind"] == "StatefulSet" && o["spec"]?["volumeClaimTemplates"] is not null && path.Contains($"/pods/{NameOf(o)}-", StringComparison.Ordinal)).ToList())
        {
            StandInSets.Roll(set, set.DeepClone().AsObject(), Objects, Rolls, BadImage);
            set["metadata"]!["resourceVersion"] = (++version).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (path.StartsWith("/api/v1/namespaces/", StringComparison.Ordinal) && path.Count(c => c == '/') == 4)
        {
            foreach (var key in Objects.Keys.Where(k => k.Contains($"/namespaces/{path.Split('/')[^1]}/", StringComparison.Ordinal)).ToList())
            {
                Objects.Remove(key);
            }
        }
        return new JsonObject { ["status"] = "Success" };
    }

    private async Task WatchAsync(HttpListenerContext context, string path)
    {
        Interlocked.Increment(ref watches);
        context.Response.SendChunked = true;
        var seen = "";
        for (var events = 0; events < WatchEvents && listener.IsListening; await Task.Delay(20))
        {
            string now;
            JsonObject[] items;
            lock (gate)
            {
                items = [.. List(path, null)["items"]!.AsArray().Select(item => item!.DeepClone().AsObject())];
                now = string.Concat(items.Select(VersionOf));
            }
            if (now == seen)
            {
                continue;
            }
            seen = now;
            events++;
            foreach (var item in items)
            {
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(new JsonObject { ["type"] = "MODIFIED", ["object"] = item.DeepClone() }.ToJsonString() + "\n"));
            }
            await context.Response.OutputStream.FlushAsync();
        }
        context.Response.Abort();
    }

    private static async Task WriteAsync(HttpListenerContext context, int status, JsonNode answer)
    {
        context.Response.StatusCode = status;
        var bytes = Encoding.UTF8.GetBytes(answer is JsonValue text ? text.GetValue<string>() : answer.ToJsonString());
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }

    private static bool IsCollection(string path) => Collections.Contains(path.Split('/')[^1]);

    private static JsonObject StatusOf(int code, string reason, string message) =>
        new() { ["kind"] = "Status", ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = message };

    private static string NameOf(JsonObject json) => (string)json["metadata"]!["name"]!;

    private static string? VersionOf(JsonObject json) => (string?)json["metadata"]?["resourceVersion"];
}
