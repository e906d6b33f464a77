namespace Tarmak.Model.Manifests;

/// <summary>Where a provider's credentials are. Exactly one member is set.</summary>
public sealed record CredentialsReference
{
    /// <summary>Path of a file on the engine's machine.</summary>
    public string? File { get; init; }

    /// <summary>Name of an environment variable of the engine.</summary>
    public string? Env { get; init; }

    /// <summary>Path in the environment's secret store.</summary>
    public string? SecretStore { get; init; }
}
