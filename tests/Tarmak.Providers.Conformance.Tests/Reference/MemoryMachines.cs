using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Machines as they should be, with all they stand on, and evidence that is the hash of machine and nonce.</summary>
internal class MemoryMachines : ICompute, INetwork, IMachineImages, IMachineAccess, IInstanceMetadata
{
    private readonly MachineDriver machines = new();

    public IResourceDriver<MachineSpec> Machines => machines;

    public IResourceDriver<EdgeSpec> Edges { get; } = new EdgeDriver();

    public IResourceDriver<NetworkSpec> Networks { get; } = new NetworkDriver();

    public IResourceDriver<EdgeAttachmentSpec> EdgeAttachments { get; } = new AttachmentDriver();

    public IResourceDriver<MachineImageSpec> Images { get; } = new ImageDriver();

    public EvidenceStrength Strength => EvidenceStrength.NonceSigned;

    /// <summary>What machines run beside the evidence's program.</summary>
    public Func<string, IReadOnlyList<string>, string?> Programs { get; init; } = static (_, _) => null;

    /// <summary>Whether a machine is in a firewall group.</summary>
    public bool IsInUse(string group) => machines.Groups.Contains(group);

    public async IAsyncEnumerable<string> ReadJournalAsync(string machineId, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }

    public Task<string> RunAsync(string machineId, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Task.FromResult(Programs(machineId, command) ?? Convert.ToBase64String(Evidence(machineId, Convert.FromHexString(command[^1]))));

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
        private readonly Dictionary<string, MachineSpec> specs = new(StringComparer.Ordinal);

        public IEnumerable<string?> Groups
        {
            get
            {
                lock (Gate)
                {
                    return [.. Objects.Keys.Select(name => specs[name].FirewallGroupId)];
                }
            }
        }

        public string? IdOf(string owner)
        {
            lock (Gate)
            {
                return Objects.Values.FirstOrDefault(o => o.Marks.Owner == owner)?.Id;
            }
        }

        public override Task<StepOutcome> EnsureAsync(ResourceCall call, MachineSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                specs[call.Name] = spec;
            }

            return base.EnsureAsync(call, spec, cancellationToken);
        }

        protected override string Outputs(string id) => ResourceJson.Write(new MachineOutputs(id, "192.0.2.1"));
    }

    private sealed class EdgeDriver() : MemoryDriver<EdgeSpec>(ResourceKinds.Edge)
    {
        protected override string Outputs(string id) => ResourceJson.Write(new EdgeOutputs(id, "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1", "3-4", 5));
    }

    private sealed class NetworkDriver() : MemoryDriver<NetworkSpec>(ResourceKinds.Network)
    {
        protected override string Outputs(string id) => ResourceJson.Write(
            new NetworkOutputs(id, string.Create(CultureInfo.InvariantCulture, $"10.{Convert.ToInt32(id[^2..], 16)}.0.0/16")));
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
