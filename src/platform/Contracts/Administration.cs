namespace Provost.Contracts;

/// <summary>Health as administrators see it: aggregates, no student rows.</summary>
public sealed record InstallationHealth(string Installation, string Release, IReadOnlyList<StoreHealth> Stores, IReadOnlyList<CourseAggregate> Courses, int Accounts);

public sealed record StoreHealth(string Store, bool Ready, double? Milliseconds, string? Problem);

public sealed record CourseAggregate(string Course, string Name, int Students, int Assessments, DateTimeOffset? LastImport, bool Demonstration);

/// <param name="Subject">The person's id or e-mail as it stood in the gradebook.</param>
public sealed record ErasureRequest(string Subject, string? Course);

/// <param name="Proof">SHA-256 over what was erased and when: the line that stands in the erasure ledger.</param>
public sealed record ErasureReceipt(string Id, DateTimeOffset At, int NamesErased, int CellsErased, int AccountsErased, string Proof);
