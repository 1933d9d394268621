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

    /// <summary>Whether workloads get ready at all.</summary>
    public bool Rolls { get; set; } = true;

    /// <summary>Watches end after this many events.</summary>
    public int WatchEvents { get; set; } = int.MaxValue;

    public int Watches { get; private set; }

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
                : method == "PATCH" && Managers.TryGetValue(path, out var manager) && context.Request.QueryString["force"] is null
                ? (409, StatusOf(409, "Conflict", $"Apply failed with 1 conflict: conflict with \"{manager}\" using apps/v1: .spec.template.spec.containers[name=\"api\"].image"))
                : Answer(method, path, context.Request.QueryString["dryRun"] is not null, context.Request.QueryString["labelSelector"], body);
            await WriteAsync(context, status, answer);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or WebSocketException)
        {
            // The client is gone.
        }
    }

    private (int Status, JsonNode Answer) Answer(string method, string path, bool dry, string? selector, string body)
    {
        lock (gate)
        {
            if (path.EndsWith("/log", StringComparison.Ordinal))
            {
                return (200, JsonValue.Create("the last words of the container"));
            }
            var json = body.Length > 0 ? JsonNode.Parse(body)!.AsObject() : [];
            return method switch
            {
                "GET" when Objects.TryGetValue(path, out var found) => (200, found.DeepClone()),
                "GET" when IsCollection(path) => (200, List(path, selector)),
                "PATCH" when path.Contains("/persistentvolumeclaims/", StringComparison.Ordinal) => (200, Merge(path, json)),
                "PATCH" when Objects.TryGetValue(path, out var set) && !JsonNode.DeepEquals(set["spec"]?["volumeClaimTemplates"], json["spec"]?["volumeClaimTemplates"]) =>
                    (422, StatusOf(422, "Invalid", "updates to statefulset spec for fields other than 'replicas' are forbidden")),
                "PATCH" => (200, Apply(path, json, dry)),
                "POST" when path.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal) => (201, Review(json)),
                "POST" when Objects.ContainsKey($"{path}/{NameOf(json)}") => (409, StatusOf(409, "AlreadyExists", $"{NameOf(json)} already exists")),
                "POST" => (201, Store($"{path}/{NameOf(json)}", json).DeepClone()),
                "PUT" when Objects.TryGetValue(path, out var old) && VersionOf(json) is { } mine && mine != VersionOf(old) =>
                    (409, StatusOf(409, "Conflict", "the object has been modified")),
                "PUT" => (200, Store(path, json).DeepClone()),
                "DELETE" when Objects.Remove(path) => (200, RemoveBelow(path)),
                _ => (404, StatusOf(404, "NotFound", $"{path} not found")),
            };
        }
    }

    private JsonObject Merge(string path, JsonObject change)
    {
        Objects[path]["spec"]!["resources"]!["requests"] = change["spec"]!["resources"]!["requests"]!.DeepClone();
        return Objects[path].DeepClone().AsObject();
    }

    // What is applied replaces what was applied; the server's own fields stay.
    private JsonObject Apply(string path, JsonObject json, bool dry)
    {
        var next = json.DeepClone().AsObject();
        if (Objects.TryGetValue(path, out var old))
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
            Roll(stored, old);
        }
        Objects[path] = stored;
        return stored;
    }

    private void Roll(JsonObject workload, JsonObject? old)
    {
        var wanted = (int?)workload["spec"]!["replicas"] ?? 1;
        var bad = workload["spec"]!.ToJsonString().Contains(BadImage, StringComparison.Ordinal);
        var done = Rolls && !bad;
        workload["status"] = new JsonObject
        {
            ["observedGeneration"] = workload["metadata"]!["generation"]!.DeepClone(),
            ["replicas"] = done || old is null ? wanted : wanted + 1,
            ["updatedReplicas"] = done ? wanted : 1,
            ["availableReplicas"] = done || old is not null ? wanted : 0,
            ["conditions"] = bad ? new JsonArray(new JsonObject
            {
                ["type"] = "Progressing",
                ["status"] = "False",
                ["reason"] = "ProgressDeadlineExceeded",
                ["message"] = "ReplicaSet has timed out progressing.",
            }) : [],
        };
        if (bad)
        {
            var (name, space) = (NameOf(workload) + "-new", $"/api/v1/namespaces/{(string)workload["metadata"]!["namespace"]!}");
            Objects[$"{space}/pods/{name}"] = Pod(workload, name);
            Objects[$"{space}/events/{name}"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name },
                ["type"] = "Warning",
                ["reason"] = "Failed",
                ["message"] = "Failed to pull image: not found",
            };
        }
    }

    private static JsonObject Pod(JsonObject workload, string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = workload["spec"]!["template"]?["metadata"]?["labels"]?.DeepClone() },
        ["status"] = new JsonObject
        {
            ["phase"] = "Pending",
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "api",
                ["restartCount"] = 0,
                ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = "Back-off pulling image" } },
            }),
        },
    };

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
        Watches++;
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
