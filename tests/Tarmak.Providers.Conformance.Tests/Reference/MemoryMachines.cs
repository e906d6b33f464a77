using System.Security.Cryptography;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Machines as they should be, with all they stand on, and evidence that is the hash of machine and nonce.</summary>
internal class MemoryMachines : ICompute, INetwork, IMachineImages, IMachineStandIn, IInstanceMetadata
{
    private readonly MachineDriver machines = new();

    public IResourceDriver<MachineSpec> Machines => machines;

    public IResourceDriver<EdgeSpec> Edges { get; } = new EdgeDriver();

    public IResourceDriver<NetworkSpec> Networks { get; } = new NetworkDriver();

    public IResourceDriver<EdgeAttachmentSpec> EdgeAttachments { get; } = new AttachmentDriver();

    public IResourceDriver<MachineImageSpec> Images { get; } = new ImageDriver();

    public EvidenceStrength Strength => EvidenceStrength.NonceSigned;

    /// <summary>Has a machine of an identity use a repository, by a verb; null where it is refused.</summary>
    public Func<string?, string, string, string?> Registry { get; init; } = static (_, _, _) => null;

    /// <summary>Whether a machine is in a firewall group.</summary>
    public bool IsInUse(string group) => machines.Groups.Contains(group);

    /// <summary>The rules of a group.</summary>
    public Func<string, IEnumerable<FirewallRule>> RulesOf { get; init; } = static _ => [];

    /// <summary>The ways there are, by their two networks.</summary>
    public Func<IEnumerable<(string One, string Other)>> Ways { get; init; } = static () => [];

    public Task<ReadOnlyMemory<byte>> EvidenceAsync(string machineId, ReadOnlyMemory<byte> nonce, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(Evidence(machineId, nonce.Span));

    public Task<bool> ReachesAsync(string senderId, string address, string protocol, int? port, CancellationToken cancellationToken)
    {
        var there = machines.All;
        var sender = there.Single(m => m.Id == senderId).Spec;
        var reached = Ways().SelectMany(w => new[] { w, (w.Other, w.One) }).Where(w => w.Item1 == sender.NetworkId).Select(w => w.Item2).Append(sender.NetworkId);
        var target = there.Select(m => m.Spec).SingleOrDefault(m => m.Address == address && reached.Contains(m.NetworkId));
        return Task.FromResult(target is not null && (target.FirewallGroupId is not { } group || RulesOf(group).Any(LetsIn)));

        bool LetsIn(FirewallRule rule) => rule.Protocol == protocol && rule.Ports.Contains(port!.Value)
            && (rule.From.GroupId is { } named ? named == sender.FirewallGroupId : rule.From.Addresses.Contains($"{sender.Address}/32"));
    }

    public Task<string?> UseRepositoryAsync(string machineId, string verb, string repository, string tag, CancellationToken cancellationToken) =>
        Task.FromResult(Registry(machines.All.Single(m => m.Id == machineId).Spec.IdentityId, verb, repository));

    public virtual Task<EvidenceVerdict> VerifyAsync(EvidenceChallenge challenge, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken)
    {
        var id = machines.IdOf(challenge.Owner);
        return Task.FromResult(id is not null && (challenge.MachineId is null || challenge.MachineId == id) && evidence.Span.SequenceEqual(Evidence(id, challenge.Nonce.Span))
            ? EvidenceVerdict.Proven(id)
            : EvidenceVerdict.Refused($"It is not of the machine of {challenge.Owner}."));
    }

    protected string? IdOf(string owner) => machines.IdOf(owner);

    protected static byte[] Evidence(string id, ReadOnlySpan<byte> nonce) => SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes(id), .. nonce]);

    private sealed class MachineDriver() : MemoryDriver<MachineSpec>(ResourceKinds.Machine)
    {
        public IEnumerable<string?> Groups => All.Select(m => m.Spec.FirewallGroupId);

        public string? IdOf(string owner)
        {
            lock (Gate)
            {
                return Objects.Values.FirstOrDefault(o => o.Marks.Owner == owner)?.Id;
            }
        }

        protected override string Outputs(string id) => ResourceJson.Write(new MachineOutputs(id, All.Single(m => m.Id == id).Spec.Address!));
    }

    private sealed class EdgeDriver() : MemoryDriver<EdgeSpec>(ResourceKinds.Edge)
    {
        protected override string Outputs(string id) => ResourceJson.Write(new EdgeOutputs(id, "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1", "3-4", 5));
    }

    private sealed class NetworkDriver() : MemoryDriver<NetworkSpec>(ResourceKinds.Network)
    {
        protected override string Outputs(string id) => ResourceJson.Write(new NetworkOutputs(id, All.Single(n => n.Id == id).Spec.Cidr ?? "10.99.0.0/16"));
    }

    private sealed class AttachmentDriver() : MemoryDriver<EdgeAttachmentSpec>(ResourceKinds.EdgeAttachment)
    {
        protected override string Outputs(string id) => ResourceJson.Write(new EdgeAttachmentOutputs("192.0.2.2"));
    }

    private sealed class ImageDriver() : MemoryDriver<MachineImageSpec>(ResourceKinds.MachineImage)
    {
        protected override string Outputs(string id) => ResourceJson.Write(new MachineImageOutputs(id, "hash"));
    }
}
