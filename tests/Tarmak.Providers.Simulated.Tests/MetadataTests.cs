using System.Text;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

public sealed class MetadataTests : IDisposable
{
    private const string Range = "10.7.0.0/16";
    private const string Owner = "dev/demo#machine/10.7.0.10";
    private static readonly byte[] Nonce = [1, 2, 3];

    private readonly VirtualClock clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => clock.Dispose();

    [Theory]
    [InlineData("default", EvidenceStrength.NonceSigned)]
    [InlineData("no-tags", EvidenceStrength.NonceSigned)]
    [InlineData("no-signatures", EvidenceStrength.OneTimeSecret)]
    public async Task Evidence_OfAMachine_ProvesItToItsInstallationOnly(string profile, EvidenceStrength strength)
    {
        await using var place = new Place(clock, CloudProfiles.Find(profile)!);
        var machine = await place.MachineAsync(Range, "10.7.0.10");

        var evidence = await place.Provider.StandIn.EvidenceAsync(machine.MachineId, Nonce, Token);

        place.Provider.InstanceMetadata.Strength.Should().Be(strength);
        (await place.Provider.InstanceMetadata.VerifyAsync(new EvidenceChallenge(Owner, null, Nonce), evidence, Token)).MachineId.Should().Be(machine.MachineId);
        (await place.OfInstallation("j").InstanceMetadata.VerifyAsync(new EvidenceChallenge(Owner, null, Nonce), evidence, Token)).MachineId.Should().BeNull();
        (await place.Provider.InstanceMetadata.VerifyAsync(new EvidenceChallenge(Owner, null, new byte[] { 9 }), evidence, Token)).MachineId.Should().Be(strength == EvidenceStrength.NonceSigned ? null : machine.MachineId);
    }

    [Fact]
    public async Task Evidence_OfAnotherAccount_ProvesNothing()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        var machine = await place.MachineAsync(Range, "10.7.0.10");
        await using var other = new Place(clock, CloudProfiles.Default, seed: 2);
        await other.MachineAsync(Range, "10.7.0.10");

        var forged = await other.Provider.StandIn.EvidenceAsync(machine.MachineId, Nonce, Token);

        (await place.Provider.InstanceMetadata.VerifyAsync(new EvidenceChallenge(Owner, null, Nonce), forged, Token)).Reason.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task Evidence_OfAMachineThatIsGone_ProvesNothing_AndItGivesNone()
    {
        await using var place = new Place(clock, CloudProfiles.Default);

        var evidence = Encoding.ASCII.GetBytes("i-00000001 00");
        var given = () => place.Provider.StandIn.EvidenceAsync("i-00000001", Nonce, Token);

        (await place.Provider.InstanceMetadata.VerifyAsync(new EvidenceChallenge(Owner, null, Nonce), evidence, Token)).MachineId.Should().BeNull();
        await given.Should().ThrowAsync<ProviderException>();
    }
}
