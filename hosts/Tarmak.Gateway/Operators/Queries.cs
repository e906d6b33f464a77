using Tarmak.Grains.Inventory;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Turns a request for a list into what the inventory is asked.</summary>
internal static class Queries
{
    public static InventoryQuery Of(V1.ListRequest request, string? kind) => new(
        KindNames.Machine(kind),
        NullIfEmpty(request.Environment),
        NullIfEmpty(request.Cluster),
        request.Name.Length == 0 ? null : KeyText.Parse(request.Name),
        request.Under.Length == 0 ? null : KeyText.Parse(request.Under));

    /// <summary>Whether the request is about providers alone, and whether it is about them at all.</summary>
    public static (bool Only, bool Also) Providers(V1.ListRequest request, string? kind) =>
        (kind == KindNames.Provider, kind is null && request is { Environment.Length: 0, Cluster.Length: 0, Under.Length: 0, Name.Length: 0 });

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
