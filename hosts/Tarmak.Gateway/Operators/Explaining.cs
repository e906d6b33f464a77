using Google.Protobuf.WellKnownTypes;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.State;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Says what a resource waits for: the deepest resources below it that are not ready, and what its environment shares
/// and has not ready, each with the condition that matters. Who waits for whom stands in the sentences.
/// </summary>
internal sealed class Explaining(IInventory inventory)
{
    public async Task<V1.ExplainResponse> ExplainAsync(V1.ExplainRequest request, CancellationToken cancellationToken)
    {
        var key = KeyText.Parse(request.Key);
        if (key.Length == 0)
        {
            throw Refusal.InvalidArgument("Name the resource to be explained, for example dev/demo.");
        }

        var rows = await UnderAsync(key, cancellationToken);
        if (rows.Count == 0)
        {
            throw Refusal.NotFound($"There is no {KeyText.Shown(key)}.");
        }

        var open = rows.Where(IsOpen).ToList();
        var top = rows[0].Address;
        if (open.Count > 0 && top.Kind != MachineKind.Environment)
        {
            var shared = await UnderAsync(top.Environment, cancellationToken);
            open.InsertRange(0, shared.Where(r => IsOpen(r) && r.Address.Kind == MachineKind.Capability && r.Address.OwnerKey == top.Environment));
        }

        var answer = new V1.ExplainResponse();
        answer.Explanations.AddRange(open.Where(row => IsDeepest(row, open)).Select(row => Explain(row, open)));
        return answer;
    }

    private async Task<List<InventoryRow>> UnderAsync(string key, CancellationToken cancellationToken) =>
        [.. (await inventory.ListAsync(new InventoryQuery(Under: key), cancellationToken)).Rows
            .Select(r => r.Row).OrderBy(r => r.Address.Key.Length).ThenBy(r => r.Address.Key, StringComparer.Ordinal)];

    private static bool IsOpen(InventoryRow row) => row.Phase != Phase.Ready;

    private static bool IsDeepest(InventoryRow row, List<InventoryRow> open) => !open.Exists(o => o.Parent == row.Address);

    private static V1.Explanation Explain(InventoryRow row, List<InventoryRow> open)
    {
        var waiting = Ancestors(row, open).Select(a => KeyText.Shown(a.Address.Key)).ToList();
        var sentence = $"{KeyText.Shown(row.Address.Key)} {Is(row)}";
        return new V1.Explanation
        {
            Key = row.Address.Key,
            Kind = KindNames.Of(row.Address.Kind),
            Phase = row.Phase.ToString(),
            Sentence = waiting.Count == 0 ? sentence : $"{sentence} {string.Join(", ", waiting)} {(waiting.Count == 1 ? "waits" : "wait")} for it.",
            Since = (row.Condition?.Since ?? row.PhaseSince).ToTimestamp(),
        };
    }

    private static string Is(InventoryRow row)
    {
        var phase = row.Phase switch
        {
            Phase.Pending => "has not been started",
            Phase.Provisioning => "is being made",
            Phase.Updating => "is being changed",
            Phase.Degraded => "differs from its declaration and is being mended",
            Phase.Blocked => "cannot go on",
            Phase.Paused => "is paused",
            _ => "is being deleted",
        };
        return row.Condition is { } condition ? $"{phase}: {condition.Message.TrimEnd('.')}." : $"{phase}.";
    }

    private static IEnumerable<InventoryRow> Ancestors(InventoryRow row, List<InventoryRow> open)
    {
        for (var parent = row.Parent; parent is not null;)
        {
            if (open.Find(o => o.Address == parent) is not { } found)
            {
                yield break;
            }

            yield return found;
            parent = found.Parent;
        }
    }
}
