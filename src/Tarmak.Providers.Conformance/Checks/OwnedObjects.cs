namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What a provider lists as owned.</summary>
internal static class OwnedObjects
{
    /// <summary>The objects of a kind that a check made; null where the provider lists none of the kind.</summary>
    public static async Task<IReadOnlyList<OwnedObject>?> OfAsync(CheckScope scope, string kind, CancellationToken cancellationToken)
    {
        if (scope.Provider.Watch is not { } watch || !watch.ListedKinds.Contains(kind))
        {
            return null;
        }

        var listed = await watch.ListOwnedAsync(cancellationToken).ConfigureAwait(false);
        return [.. listed.Where(o => o.Kind == kind && o.Marks.Uid.StartsWith(scope.Name + "-", StringComparison.Ordinal))];
    }
}
