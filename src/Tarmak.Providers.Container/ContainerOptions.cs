namespace Tarmak.Providers.Container;

/// <summary>Settings of a container provider, from the manifest's spec.</summary>
public sealed record ContainerOptions
{
    /// <summary>First port that is tried when an edge's block of ports is looked for.</summary>
    public const int FirstPort = 21000;

    /// <summary>Address of the container engine (<c>unix:///…</c>); null: found by itself.</summary>
    public string? Host { get; init; }

    /// <summary>The agent's native binary that goes into machine images.</summary>
    public string AgentPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "agent", "tarmak-agent");

    /// <summary>Image from which machine images are built where a registry answers; empty: never ask one.</summary>
    public string BaseImage { get; init; } = "docker.io/library/debian:bookworm-slim";

    /// <summary>Reads a manifest's options.</summary>
    /// <param name="options">Names and values: <c>host</c>, <c>agentPath</c>, <c>baseImage</c>.</param>
    /// <returns>The settings.</returns>
    public static ContainerOptions Read(IReadOnlyDictionary<string, string> options)
    {
        var defaults = new ContainerOptions();
        return new ContainerOptions
        {
            Host = options.GetValueOrDefault(ProviderOptions.Host),
            AgentPath = options.GetValueOrDefault("agentPath") ?? defaults.AgentPath,
            BaseImage = options.GetValueOrDefault("baseImage") ?? defaults.BaseImage,
        };
    }
}
