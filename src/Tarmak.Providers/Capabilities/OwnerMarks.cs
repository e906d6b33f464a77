namespace Tarmak.Providers.Capabilities;

/// <summary>The marks every object carries, so that it can be listed by owner and two installations never touch each other's.</summary>
/// <param name="Installation">Identity of the installation.</param>
/// <param name="Environment">Environment name.</param>
/// <param name="Cluster">Cluster name; null for what the environment owns.</param>
/// <param name="Uid">Identity of the owning machine.</param>
/// <param name="Owner">Key of the owning machine, for example <c>dev/demo/etcd/0#machine/main</c>.</param>
public sealed record OwnerMarks(string Installation, string Environment, string? Cluster, string Uid, string Owner)
{
    /// <summary>Label of <see cref="Installation"/>.</summary>
    public const string InstallationLabel = "tarmak.io/installation";

    /// <summary>Label of <see cref="Environment"/>.</summary>
    public const string EnvironmentLabel = "tarmak.io/environment";

    /// <summary>Label of <see cref="Cluster"/>.</summary>
    public const string ClusterLabel = "tarmak.io/cluster";

    /// <summary>Label of <see cref="Uid"/>.</summary>
    public const string UidLabel = "tarmak.io/uid";

    /// <summary>Label of <see cref="Owner"/>.</summary>
    public const string OwnerLabel = "tarmak.io/owner";

    /// <summary>The marks as labels.</summary>
    /// <returns>Label names and values.</returns>
    public Dictionary<string, string> ToLabels()
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal)
        {
            [InstallationLabel] = Installation,
            [EnvironmentLabel] = Environment,
            [UidLabel] = Uid,
            [OwnerLabel] = Owner,
        };
        if (Cluster is not null)
        {
            labels[ClusterLabel] = Cluster;
        }

        return labels;
    }
}
