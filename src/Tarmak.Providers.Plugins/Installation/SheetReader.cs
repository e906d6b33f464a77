using System.Collections.Immutable;
using System.Text.Json;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>Makes a requirement sheet of its JSON form, or says what is wrong with it.</summary>
/// <param name="type">The plugin's type.</param>
/// <param name="where">The file, for sentences.</param>
internal sealed class SheetReader(string type, string where)
{
    private const double LongestDeadlineSeconds = 3600;

    /// <summary>The capabilities the protocol can carry.</summary>
    private static readonly string[] Capabilities =
    [
        CapabilityNames.SecretStore, CapabilityNames.MachineImages, CapabilityNames.ObjectStorage, CapabilityNames.LoadBalancing, CapabilityNames.Dns,
        CapabilityNames.Network, CapabilityNames.Compute, CapabilityNames.Volumes,
    ];

    /// <summary>The settings a manifest of kind Provider has.</summary>
    private static readonly string[] Settings = [ProviderOptions.Host, ProviderOptions.Server, ProviderOptions.Credentials];

    /// <summary>Whether two forms tell the same.</summary>
    public static bool Same(SheetFile left, SheetFile right) => Text(left) == Text(right);

    /// <summary>Reads what a plugin tells of itself.</summary>
    /// <returns>The form, or null where it is none.</returns>
    public static SheetFile? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PluginJson.Default.SheetFile);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="PluginFileException">It says what cannot be.</exception>
    public (RequirementSheet Sheet, ImmutableDictionary<string, PluginKind> Kinds) Read(SheetFile file)
    {
        Demand(!file.Capabilities.IsDefaultOrEmpty, "sheet.capabilities is empty; name what the plugin offers");
        Demand(file.Capabilities.All(c => c is not null && c.Objects.All(o => o is not null) && c.Requirements.All(r => r is not null)) && file.Requirements.All(r => r is not null), "the sheet has an entry that is null");
        Demand(file.Capabilities.Select(c => c.Capability).Distinct(StringComparer.Ordinal).Count() == file.Capabilities.Length, "sheet.capabilities names a capability twice");
        foreach (var setting in file.Settings.Concat(file.RequiredSettings))
        {
            Demand(Settings.Contains(setting), $"sheet.settings names {setting}, and a Provider's settings are {string.Join(", ", Settings)}");
        }

        Demand(file.RequiredSettings.All(s => file.Settings.Contains(s)), "sheet.requiredSettings names what sheet.settings does not");
        var sheet = new RequirementSheet
        {
            Type = type,
            Summary = Said(file.Summary, "sheet.summary"),
            Requirements = [InstalledPlugin.Answers, .. Requirements(file.Requirements)],
            Capabilities = [.. file.Capabilities.Select(Capability)],
            Settings = file.Settings,
            RequiredSettings = file.RequiredSettings,
            Locations = file.Locations,
        };
        return (sheet, file.Capabilities.SelectMany(c => c.Objects).ToImmutableDictionary(o => o.Kind!, PluginKind.Of, StringComparer.Ordinal));
    }

    private static string Text(SheetFile sheet) => JsonSerializer.Serialize(sheet, PluginJson.Default.SheetFile);

    private CapabilitySheet Capability(CapabilityFile file)
    {
        var name = file.Capability;
        Demand(Capabilities.Contains(name), $"sheet.capabilities names {name}, and a plugin may offer {string.Join(", ", Capabilities)}");
        var wanted = ResourceKinds.OfProviders.Where(kind => CapabilityNames.Of(kind) == name).Order(StringComparer.Ordinal).ToList();
        Demand(
            file.Objects.Select(o => o.Kind).Order(StringComparer.Ordinal).SequenceEqual(wanted, StringComparer.Ordinal),
            $"the objects of {name} are not {(wanted.Count == 0 ? "none" : string.Join(" and ", wanted))}, each once");
        var objects = file.Objects.Select(o => Object(o, name!)).ToImmutableArray();
        Demand(file.ReachableFrom is null || Cidr.TryParse(file.ReachableFrom, out _), $"reachableFrom of {name} is no range of addresses");
        CapabilitySheet sheet = name switch
        {
            CapabilityNames.Compute => new ComputeSheet
            {
                Sizes = file.Sizes,
                TakesOwnTypes = file.TakesOwnTypes,
                MostZones = file.MostZones,
                HasSpot = file.HasSpot,
                HasRootVolumes = file.HasRootVolumes,
                ReachableFrom = file.ReachableFrom,
            },
            CapabilityNames.Volumes => new VolumesSheet { Classes = file.Classes, IsZonal = file.IsZonal },
            CapabilityNames.Dns => new DnsSheet { NeedsEdge = file.NeedsEdge, MakesZones = file.MakesZones },
            CapabilityNames.MachineImages => new MachineImagesSheet { TakesNamedImages = file.TakesNamedImages },
            // The protocol carries no grants: what is in a plugin's store reaches instances through the engine.
            CapabilityNames.SecretStore or CapabilityNames.ObjectStorage => new StoreSheet(name) { Ways = [GrantWay.Brokered] },
            _ => new CapabilitySheet(name!),
        };
        return sheet with { Objects = objects, Requirements = Requirements(file.Requirements), Limitations = file.Limitations };
    }

    private ObjectSheet Object(ObjectFile file, string capability)
    {
        Demand(file.Mark is not null && file.EnsureResolution is not null, $"object {file.Kind} of {capability} says no mark or no ensureResolution");
        Demand(
            file.CallDeadlineSeconds is > 0 and <= LongestDeadlineSeconds && file.VisibilityBoundSeconds is >= 0 and <= LongestDeadlineSeconds,
            $"object {file.Kind} of {capability} has a bound that is not within an hour");
        return ObjectSheet.Of(PluginKind.Of(file).Traits, file.Mark!.Value);
    }

    private ImmutableArray<Requirement> Requirements(ImmutableArray<RequirementFile> files) =>
        [.. files.Select(f => new Requirement(f.Kind, Said(f.Name, "the name of a requirement"), Said(f.Reason, $"the reason of requirement {f.Name}")))];

    private string Said(string? text, string what)
    {
        Demand(!string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl), $"{what} is missing, or has control characters");
        return text!;
    }

    private void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new PluginFileException($"{where}: {otherwise}.");
        }
    }
}
