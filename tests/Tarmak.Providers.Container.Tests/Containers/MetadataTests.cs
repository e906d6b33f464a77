using System.Security.Cryptography;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>Evidence given by real machines.</summary>
[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class MetadataTests(EngineFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evidence_OfTheMachineForTheNonce_IsTaken_AndNothingElse()
    {
        await using var cloud = new Cloud(fixture);
        var network = await cloud.InnerAsync("10.213.20.0/24");
        var machines = cloud.Provider.Compute.Machines;
        var one = await cloud.MakeAsync<MachineSpec, MachineOutputs>(machines, "one", await cloud.SpecAsync(network, "10.213.20.10"));
        var other = await cloud.MakeAsync<MachineSpec, MachineOutputs>(machines, "other", await cloud.SpecAsync(network, "10.213.20.11"));
        var nonce = RandomNumberGenerator.GetBytes(32);
        var challenge = new EvidenceChallenge(cloud.Call("one").Marks.Owner, one.MachineId, nonce);
        async Task<string?> ProvenAsync(EvidenceChallenge about, byte[] evidence) =>
            (await cloud.Provider.InstanceMetadata.VerifyAsync(about, evidence, Token)).MachineId;

        var evidence = await EvidenceAsync(one.MachineId, nonce);
        (await ProvenAsync(challenge, evidence)).Should().Be(one.MachineId);
        (await ProvenAsync(challenge with { MachineId = null }, evidence)).Should().Be(one.MachineId, "its owner names it too");

        (await ProvenAsync(challenge with { Nonce = RandomNumberGenerator.GetBytes(32) }, evidence)).Should().BeNull("it was for another nonce");
        (await ProvenAsync(challenge with { Owner = cloud.Call("other").Marks.Owner, MachineId = other.MachineId }, evidence)).Should().BeNull("it is a copy from another machine");
        (await ProvenAsync(challenge with { MachineId = other.MachineId }, evidence)).Should().BeNull("that machine is not its owner's");
        (await ProvenAsync(challenge, [])).Should().BeNull();
        (await ProvenAsync(challenge, RandomNumberGenerator.GetBytes(72))).Should().BeNull();

        // A machine that takes the address of another proves itself and not the other.
        await RunAsync(other.MachineId, "ip address add 10.213.20.10/24 dev eth0");
        (await ProvenAsync(challenge, await EvidenceAsync(other.MachineId, nonce))).Should().BeNull();

        // What is not root in the machine proves nothing.
        var workload = await fixture.Engine.ExecAsync(
            one.MachineId, ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh", IInstanceMetadata.EvidenceProgram, "00"], Token);
        workload.ExitCode.Should().NotBe(0);
        workload.Errors.Should().Contain("evidence.key");
    }

    private async Task<byte[]> EvidenceAsync(string machine, byte[] nonce) =>
        Convert.FromBase64String(await RunAsync(machine, $"sh {IInstanceMetadata.EvidenceProgram} {Convert.ToHexStringLower(nonce)}"));

    private async Task<string> RunAsync(string machine, string script)
    {
        var result = await fixture.Engine.ExecAsync(machine, ["/bin/sh", "-c", script], Token);
        result.ExitCode.Should().Be(0, result.Errors);
        return result.Output;
    }
}
