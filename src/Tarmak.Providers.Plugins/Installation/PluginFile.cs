using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>A plugin as its folder's <c>plugin.json</c> tells it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PluginFile
{
    public const string Name = "plugin.json";

    /// <summary>Program and arguments; a program with a slash is taken from the plugin's folder.</summary>
    public ImmutableArray<string> Command { get; set; } = [];

    /// <summary>Environment variables of the engine that the process may see.</summary>
    public ImmutableArray<string> Environment { get; set; } = [];

    /// <summary>Where a plugin answers that runs elsewhere: <c>https://host:port</c>.</summary>
    public string? Address { get; set; }

    /// <summary>Certificate of the authority of the plugin that runs elsewhere, a PEM file.</summary>
    public string? Authority { get; set; }

    /// <summary>The engine's certificate for it, a PEM file.</summary>
    public string? Certificate { get; set; }

    /// <summary>The key of <see cref="Certificate"/>, a PEM file.</summary>
    public string? Key { get; set; }

    /// <summary>What it offers, needs and cannot do.</summary>
    public SheetFile? Sheet { get; set; }
}
