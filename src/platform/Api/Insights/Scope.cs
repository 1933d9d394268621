using Provost.Api.Accounts;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>
/// Whose rows a viewer's insights are computed from: the whole course, or a TA's own sections. Nothing of the others enters
/// the computation, so nothing of them can come out.
/// </summary>
/// <param name="Sections">Null for the whole course.</param>
internal sealed record Scope(IReadOnlySet<string>? Sections)
{
    public static Scope Course { get; } = new((IReadOnlySet<string>?)null);

    public string Key => Sections is null ? "*" : Secrets.Hash(string.Join('\n', Sections.Order(StringComparer.Ordinal)))[..16];

    public static Scope Of(Viewer viewer) => viewer.Role == Role.TA ? new Scope(viewer.Membership!.Sections.ToHashSet()) : Course;
}
