using System.Collections.Immutable;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>A plugin that may be used: its file was read and makes sense.</summary>
internal sealed record InstalledPlugin
{
    /// <summary>What every plugin needs: told by the engine, looked at by the handshake.</summary>
    public static readonly Requirement Answers = new(RequirementKind.Place, "plugin", "The plugin runs, speaks the engine's protocol, and is what its plugin.json says.");

    /// <summary>The type in manifests: the folder's name.</summary>
    public required string Type { get; init; }

    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>How it is reached.</summary>
    public required PluginFile File { get; init; }

    /// <summary>What it offers, needs and cannot do.</summary>
    public required RequirementSheet Sheet { get; init; }

    /// <summary>Its kinds of object, by name.</summary>
    public required ImmutableDictionary<string, PluginKind> Kinds { get; init; }

    /// <summary>Where it runs, for people.</summary>
    public string Place => File.Address ?? Folder;
}
