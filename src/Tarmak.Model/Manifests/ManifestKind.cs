namespace Tarmak.Model.Manifests;

/// <summary>The kinds of document a user may declare, in the order they are accepted.</summary>
public enum ManifestKind
{
    /// <summary>One account at one cloud.</summary>
    Provider,

    /// <summary>A set of clusters that share a provider, DNS zones and admin CIDRs.</summary>
    Environment,

    /// <summary>One cluster in an environment.</summary>
    Cluster,
}
