using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Environments;

/// <summary>What an environment gives its clusters.</summary>
public sealed record EnvironmentLink
{
    /// <summary>Name of the provider whose cloud the machines are in.</summary>
    public required string Provider { get; init; }

    /// <summary>The machine image.</summary>
    public required string ImageId { get; init; }

    /// <summary>The edge.</summary>
    public required string EdgeId { get; init; }

    /// <summary>Host part of balancers' endpoints.</summary>
    public required string BalancerHost { get; init; }

    /// <summary>Port of the relay on the edge's inner addresses.</summary>
    public required int RelayPort { get; init; }

    /// <summary>Bucket of configuration bundles.</summary>
    public required string ConfigurationBucketId { get; init; }

    /// <summary>Provider of that bucket; null: the one that configuration was first bound to.</summary>
    public string? ConfigurationProvider { get; init; }

    /// <summary>The private zone.</summary>
    public required string PrivateZone { get; init; }

    /// <summary>The private zone's provider id.</summary>
    public required string PrivateZoneId { get; init; }

    /// <summary>The public zone, if the environment has one.</summary>
    public string? PublicZone { get; init; }

    /// <summary>Name of the provider that serves the public zone.</summary>
    public required string PublicDnsProvider { get; init; }

    /// <summary>Number of the place where names seen from outside are served; null: the first.</summary>
    public int? PublicDnsPlace { get; init; }

    /// <summary>The public zone's provider id.</summary>
    public string? PublicZoneId { get; init; }

    /// <summary>The repositories its instances may pull from.</summary>
    public ImmutableArray<RegistryRepositoryOutputs> Repositories
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>CIDRs operators come from.</summary>
    public ImmutableArray<string> AdminCidrs { get; init; } = [];

    /// <summary>SHA-256 (hex) of the engine authority's public key.</summary>
    public required string AuthorityPin { get; init; }

    /// <summary>Public SSH keys that may log in.</summary>
    public ImmutableArray<string> AuthorizedKeys { get; init; } = [];
}
