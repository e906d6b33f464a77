using Google.Protobuf.WellKnownTypes;
using Tarmak.Grains.Inventory;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Tells the events of a resource and everything below it.</summary>
internal sealed class History(IInventory inventory)
{
    public async Task EventsAsync(V1.EventsRequest request, Func<V1.Event, Task> send, CancellationToken cancellationToken)
    {
        var key = request.Key.Length == 0 ? "" : KeyText.Parse(request.Key);
        var after = request.HasAfterOrdinal ? new EventCursor(request.AfterRevision, request.AfterOrdinal) : EventCursor.After(request.AfterRevision);
        await foreach (var recorded in inventory.EventsAsync(key, after, request.Watch, cancellationToken))
        {
            await send(new V1.Event
            {
                Revision = recorded.Revision,
                Ordinal = recorded.Cursor.Ordinal,
                Time = recorded.Time.ToTimestamp(),
                Kind = KindNames.Of(recorded.Address.Kind),
                Key = recorded.Address.Key,
                Warning = recorded.Event.Warning,
                Reason = recorded.Event.Reason,
                Message = recorded.Event.Message,
            });
        }
    }
}
