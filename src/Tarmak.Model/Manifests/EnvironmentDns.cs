namespace Tarmak.Model.Manifests;

/// <summary>DNS zones of an environment.</summary>
public sealed record EnvironmentDns
{
    /// <summary>Zone for names seen from outside; null where there is none.</summary>
    public string? PublicZone { get; init; }

    /// <summary>Zone for names seen by instances.</summary>
    public string PrivateZone { get; init => field = value ?? ModelDefaults.PrivateZone; } = ModelDefaults.PrivateZone;
}
