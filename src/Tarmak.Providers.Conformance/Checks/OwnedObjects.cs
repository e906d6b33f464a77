using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What a provider lists as owned.</summary>
internal static class OwnedObjects
{
    /// <summary>The objects of a kind that a check made; null where the provider lists none of the kind.</summary>
    public static async Task<IReadOnlyList<OwnedObject>?> OfAsync(CheckScope scope, string kind, CancellationToken cancellationToken)
    {
        if (scope.Provider.Watch is not { } watch || !watch.ListedKinds.Contains(kind) || IsToldUnderAnother(scope.Provider, kind))
        {
            return null;
        }

        var listed = await watch.ListOwnedAsync(cancellationToken).ConfigureAwait(false);
        return [.. listed.Where(o => o.Kind == kind && o.Marks.Uid.StartsWith(scope.Name + "-", StringComparison.Ordinal))];
    }

    // An edge's place in a network may have no marks of its own; it is then listed under the network's, whoever made it.
    private static bool IsToldUnderAnother(IProvider provider, string kind) =>
        kind == ResourceKinds.EdgeAttachment
        && provider.Sheet.Capabilities.SelectMany(c => c.Objects).Any(o => o.Kind == kind && o.Mark == ObjectMark.Name);
}
