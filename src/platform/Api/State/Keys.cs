namespace Provost.Api.State;

/// <summary>Every key in Redis, in one place.</summary>
internal static class Keys
{
    /// <summary>Set of account names.</summary>
    public const string Accounts = "accounts";

    /// <summary>Set of course ids.</summary>
    public const string Courses = "courses";

    /// <summary>List of the erasure ledger's lines, oldest first.</summary>
    public const string Erasures = "erasures";

    /// <summary>Grows when a finished course changes: what backtests depend on.</summary>
    public const string Finished = "finished";

    /// <summary>String: the calibration fitted on the finished courses, with the stamp of their last change. A release that fits otherwise takes another key.</summary>
    public const string Calibration = "calibration";

    /// <summary>Set of the key ring's wrapped keys.</summary>
    public const string KeyRing = "keyring";

    /// <summary>Channel of doorbells: "course:ID:KIND" or "user:NAME" has news.</summary>
    public const string Doorbell = "doorbell";

    /// <summary>Channel on which replicas are called, told to hold back commits, and to go on.</summary>
    public const string Fences = "fences";

    /// <summary>String: the token of the fence that is up; expires with it.</summary>
    public const string Fence = "fence";

    /// <summary>Counter of the replicas that answered this call, or that hold back commits for this fence.</summary>
    public static string Answers(string token) => $"fence:{token}";

    /// <summary>Hash: admin, stamp, password, created, seen, and in:COURSE per membership.</summary>
    public static string Account(string user) => $"account:{user}";

    /// <summary>String: a session, by the hash of its id.</summary>
    public static string Session(string hash) => $"session:{hash}";

    /// <summary>String: a one-time link, by the hash of its token.</summary>
    public static string Link(string hash) => $"link:{hash}";

    public static string Throttle(string kind, string hash) => $"throttle:{kind}:{hash}";

    /// <summary>Hash: record and revision.</summary>
    public static string Course(string course) => $"course:{course}";

    /// <summary>Counter that gives every attempt to write a snapshot its own version.</summary>
    public static string Versions(string course) => $"versions:{course}";

    /// <summary>Hash: student key to encrypted name. The one place where names are.</summary>
    public static string Names(string course) => $"names:{course}";

    /// <summary>Set of student keys that were erased: an old file does not bring them back.</summary>
    public static string Erased(string course) => $"erased:{course}";

    /// <summary>List of imports, newest first.</summary>
    public static string Imports(string course) => $"imports:{course}";

    /// <summary>Sorted set of live messages by sequence number.</summary>
    public static string Live(string course) => $"live:{course}";

    /// <summary>Hash of cached insights without names; a new version of the course drops it whole.</summary>
    public static string Insights(string course) => $"insights:{course}";

    /// <summary>Set of student keys that chose to see their band.</summary>
    public static string Bands(string course) => $"bands:{course}";
}
