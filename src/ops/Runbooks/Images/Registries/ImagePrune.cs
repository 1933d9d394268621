namespace Provost.Runbooks.Images.Registries;

/// <summary>How much of the past a registry keeps.</summary>
/// <param name="Versions">The newest versions of each image that stay.</param>
public sealed record Retention(int Versions);

/// <param name="Reason">Why it stays; null when it goes.</param>
public sealed record PruneEntry(string Image, string Digest, IReadOnlyList<string> Tags, string? Reason);

/// <summary>
/// Retention in a registry. First a plan that names everything that goes and why the rest stays; a digest of the lock file
/// never goes. The space comes back with the registry's own garbage collection, afterwards (<see cref="RegistryGarbage"/>).
/// </summary>
public sealed class ImagePrune(RegistryAddress address, ImageLock locked)
{
    public async Task<IReadOnlyList<PruneEntry>> PlanAsync(Retention retention, CancellationToken cancellation)
    {
        if (retention.Versions < 1)
        {
            throw new OperationError(ErrorKind.Configuration, $"{retention.Versions} versions cannot be kept", "keep at least 1: what runs must stay");
        }
        using var connection = new RegistryConnection(address);
        List<PruneEntry> plan = [];
        foreach (var image in ImageDefinition.All.Select(image => image.Name))
        {
            var repository = new RegistryRepository(connection, address.Repository(image));
            Dictionary<string, List<string>> tags = new(StringComparer.Ordinal);
            foreach (var tag in await repository.TagsAsync(cancellation))
            {
                if (await repository.ResolveAsync(tag, cancellation) is { } digest)
                {
                    tags.TryAdd(digest, []);
                    tags[digest].Add(tag);
                }
            }
            plan.AddRange(Plan(image, tags, retention, locked.Images.GetValueOrDefault(image)?.Digest));
        }
        return plan;
    }

    /// <summary>Removes what the plan says goes.</summary>
    public async Task RunAsync(IReadOnlyList<PruneEntry> plan, Action<string> line, CancellationToken cancellation)
    {
        using var connection = new RegistryConnection(address);
        foreach (var entry in plan.Where(entry => entry.Reason is null))
        {
            line($"{entry.Image}: removing {string.Join(", ", entry.Tags)} ({entry.Digest})");
            await new RegistryRepository(connection, address.Repository(entry.Image)).DeleteManifestAsync(entry.Digest, cancellation);
        }
    }

    internal static IEnumerable<PruneEntry> Plan(string image, IReadOnlyDictionary<string, List<string>> tags, Retention retention, string? lockedDigest)
    {
        var newest = tags
            .Where(pair => pair.Value.Any(tag => !ImageTags.IsMoving(tag)))
            .OrderByDescending(pair => pair.Value.Where(tag => !ImageTags.IsMoving(tag)).Max(VersionOrder.Instance)!, VersionOrder.Instance)
            .Take(retention.Versions).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return tags.OrderBy(pair => pair.Value.Min(StringComparer.Ordinal), StringComparer.Ordinal).Select(pair => new PruneEntry(image, pair.Key, [.. pair.Value.Order(StringComparer.Ordinal)], 0 switch
        {
            _ when pair.Key == lockedDigest => "the lock file deploys it",
            _ when pair.Value.Any(ImageTags.IsMoving) => "a moving tag means it",
            _ when newest.Contains(pair.Key) => $"it is one of the newest {retention.Versions}",
            _ => null,
        }));
    }
}
