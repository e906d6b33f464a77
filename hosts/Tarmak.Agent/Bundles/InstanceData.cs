using System.Text.Json.Serialization;

namespace Tarmak.Agent.Bundles;

/// <summary>The part of an instance's hiera data that the agent itself acts on.</summary>
internal sealed record InstanceData
{
    /// <summary>Certificates to have.</summary>
    [JsonPropertyName("tarmak::certificates")]
    public IReadOnlyList<CertificateEntry> Certificates { get; init; } = [];

    /// <summary>Names of secrets to resolve.</summary>
    [JsonPropertyName("tarmak::secrets")]
    public IReadOnlyList<string> Secrets { get; init; } = [];
}

/// <summary>A certificate to have.</summary>
internal sealed record CertificateEntry
{
    /// <summary>File name.</summary>
    public required string Name { get; init; }

    /// <summary>Authority that signs it.</summary>
    public required string Authority { get; init; }

    /// <summary>Subject common name.</summary>
    public required string CommonName { get; init; }

    /// <summary>DNS names.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>Addresses.</summary>
    public IReadOnlyList<string> IpAddresses { get; init; } = [];
}
