using System.Collections.Immutable;
using System.Text.Json;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>A kind of object a plugin drives.</summary>
/// <param name="Traits">What is declared about it.</param>
/// <param name="Mark">How it is marked.</param>
/// <param name="Listed">Whether lists of owned objects have it.</param>
internal sealed record PluginKind(ResourceTraits Traits, ObjectMark Mark, bool Listed)
{
    public static PluginKind Of(ObjectFile file) => new(
        new ResourceTraits
        {
            Kind = file.Kind!,
            EnsureResolution = file.EnsureResolution!.Value,
            VisibilityBound = TimeSpan.FromSeconds(file.VisibilityBoundSeconds),
            CallDeadline = TimeSpan.FromSeconds(file.CallDeadlineSeconds),
            HoldsData = file.HoldsData,
            Shared = file.Shared,
            Compare = (made, wanted) => Compare(made, wanted, file.Updates),
        },
        file.Mark!.Value,
        file.Listed);

    private static ChangeEffect Compare(string made, string wanted, ImmutableArray<string> updates)
    {
        if (made == wanted)
        {
            return ChangeEffect.None;
        }

        using var before = JsonDocument.Parse(made);
        using var after = JsonDocument.Parse(wanted);
        var changed = before.RootElement.EnumerateObject().Concat(after.RootElement.EnumerateObject()).Select(p => p.Name).Distinct(StringComparer.Ordinal)
            .Where(name => !Same(before.RootElement, after.RootElement, name)).ToList();
        return changed.Count == 0 ? ChangeEffect.None : changed.TrueForAll(name => updates.Contains(name)) ? ChangeEffect.Update : ChangeEffect.Replace;
    }

    private static bool Same(JsonElement before, JsonElement after, string name) =>
        before.TryGetProperty(name, out var old) && after.TryGetProperty(name, out var wanted) && JsonElement.DeepEquals(old, wanted);
}
