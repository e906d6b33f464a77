using Tarmak.Machines;
using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>The kinds' names in the contract: singular on the way out; singular or plural on the way in.</summary>
internal static class KindNames
{
    public const string Provider = "provider";

    public static string Of(MachineKind kind) => kind switch
    {
        MachineKind.Environment => "environment",
        MachineKind.Cluster => "cluster",
        MachineKind.InstancePool => "pool",
        MachineKind.Instance => "instance",
        _ => "capability",
    };

    public static string Of(ManifestKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind's singular name; null for no kind at all.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such kind.</exception>
    public static string? Parse(string text) => text.ToLowerInvariant() switch
    {
        "" => null,
        "provider" or "providers" => Provider,
        "environment" or "environments" or "env" or "envs" => "environment",
        "cluster" or "clusters" => "cluster",
        "pool" or "pools" or "instancepool" or "instancepools" => "pool",
        "instance" or "instances" => "instance",
        "capability" or "capabilities" => "capability",
        _ => throw Refusal.InvalidArgument(
            $"There is no kind '{text}'; the kinds are providers, environments, clusters, pools, instances and capabilities."),
    };

    public static MachineKind? Machine(string? kind) => kind switch
    {
        "environment" => MachineKind.Environment,
        "cluster" => MachineKind.Cluster,
        "pool" => MachineKind.InstancePool,
        "instance" => MachineKind.Instance,
        "capability" => MachineKind.Capability,
        _ => null,
    };
}
