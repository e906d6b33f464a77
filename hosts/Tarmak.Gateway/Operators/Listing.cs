using Tarmak.Grains.Inventory;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Lists what the inventory knows; no grain of a machine and no provider is asked.</summary>
internal sealed class Listing(IInventory inventory, DeclarationReader declarations)
{
    public async Task<V1.ListResponse> ListAsync(V1.ListRequest request, CancellationToken cancellationToken)
    {
        var kind = KindNames.Parse(request.Kind);
        var providers = Queries.Providers(request, kind);
        var answer = new V1.ListResponse();
        if (providers.Only || providers.Also)
        {
            answer.Resources.AddRange(await ProvidersAsync(request.Name, cancellationToken));
        }

        var query = providers.Only ? new InventoryQuery(Key: Documents.NoKey) : Queries.Of(request, kind);
        var page = await inventory.ListAsync(query, cancellationToken);
        answer.Resources.AddRange(page.Rows.Select(ResourceMapper.Map));
        answer.Revision = page.Revision;
        return answer;
    }

    /// <summary>The providers as resources, by name.</summary>
    public async Task<IEnumerable<V1.Resource>> ProvidersAsync(string name, CancellationToken cancellationToken) =>
        (await declarations.ProvidersAsync(cancellationToken))
            .Where(p => name.Length == 0 || p.Name == name)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(ResourceMapper.Map);
}
