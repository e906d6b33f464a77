using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance;

namespace Tarmak.Simulator.Tests;

/// <summary>The simulated cloud as a process, really started and really killed.</summary>
public sealed class SimulatorTests : IAsyncDisposable
{
    private readonly SimulatorProcess simulator = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => simulator.DisposeAsync();

    [Fact]
    public async Task Process_KilledInBursts_LosesNothingThatWasAnswered()
    {
        const int Bursts = 4;
        const int Writers = 8;
        const int Enough = 40;
        var answered = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var burst = 0; burst < Bursts; burst++)
        {
            await simulator.StartAsync();
            await using var provider = simulator.Open();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var written = 0;
            var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                for (var n = 0; ; n++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"burst-{burst}/{writer}/{n}");
                    var value = Encoding.ASCII.GetBytes(name);
                    try
                    {
                        await provider.SecretStore!.CreateIfAbsentAsync(name, value, Token);
                    }
                    catch (ProviderException)
                    {
                        // It was killed; what it did not answer it may have done.
                        return;
                    }

                    answered[name] = value;
                    if (Interlocked.Increment(ref written) == Enough)
                    {
                        enough.SetResult();
                    }
                }
            }, Token)).ToList();

            await enough.Task.WaitAsync(Token);
            await simulator.KillAsync();
            await Task.WhenAll(writers);
        }

        await simulator.StartAsync();
        await using var after = simulator.Open();
        answered.Count.Should().BeGreaterThanOrEqualTo(Bursts * Enough);
        foreach (var (name, value) in answered)
        {
            (await after.SecretStore!.GetAsync(name, Token))!.Value.ToArray().Should().Equal(value, "{0} was answered", name);
        }
    }

    [Fact]
    public async Task Objects_OfAProcessThatWasKilled_AreFoundByTheirToken_AndDeletedOnes_Stay()
    {
        await simulator.StartAsync();
        var (kept, gone) = (Call("kept"), Call("gone"));
        string id;
        await using (var provider = simulator.Open())
        {
            id = (await EnsureAsync(provider, kept)).ObjectId!;
            var removed = await EnsureAsync(provider, gone);
            (await provider.Dns!.Zones.DeleteAsync(gone with { ObjectId = removed.ObjectId }, Zone, Token)).Should().BeOfType<StepOutcome.Succeeded>();
        }

        await simulator.KillAsync();
        await simulator.StartAsync();

        await using var next = simulator.Open();
        (await EnsureAsync(next, kept)).ObjectId.Should().Be(id);
        (await next.Watch!.ListOwnedAsync(Token)).Should().ContainSingle().Which.ObjectId.Should().Be(id);
        (await EnsureAsync(next, Call("new"))).ObjectId.Should().NotBe(id);
    }

    [Fact]
    public async Task Image_PushedAsGranted_IsPulledFromTheNextProcess()
    {
        await simulator.StartAsync();
        string machine;
        string? pushed = null;
        await using (var provider = simulator.Open())
        {
            machine = await MachineThatPushesAsync(provider);

            // Its identity is being made for a while, and until then it may do nothing.
            while (pushed is null)
            {
                pushed = await provider.StandIn!.UseRepositoryAsync(machine, GrantVerbs.Push, Repository, "one", Token);
            }

            (await provider.StandIn!.UseRepositoryAsync(machine, GrantVerbs.Pull, "other", "one", Token)).Should().BeNull();
        }

        await simulator.KillAsync();
        await simulator.StartAsync();

        await using var next = simulator.Open();
        (await next.StandIn!.UseRepositoryAsync(machine, GrantVerbs.Pull, Repository, "one", Token)).Should().Be(pushed);
    }

    [Fact]
    public async Task Accounts_AreSharedByAllOfTheirName_AndByNoOthers()
    {
        await simulator.StartAsync();
        await using var one = simulator.Open();
        await using var two = simulator.Open(installation: "j");
        await using var other = simulator.Open("other");
        await using var changes = one.Watch!.WatchAsync(Token).GetAsyncEnumerator(Token);
        var next = changes.MoveNextAsync().AsTask();
        await one.SecretStore!.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);

        (await two.SecretStore!.GetAsync("a", Token)).Should().NotBeNull();
        (await other.SecretStore!.GetAsync("a", Token)).Should().BeNull();

        // A watch that is just begun may miss what happens meanwhile; so it happens until it is told.
        for (var n = 0; !next.IsCompleted; n++)
        {
            await EnsureAsync(one, Call($"told-{n}"));
        }

        (await next).Should().BeTrue();
        changes.Current.Owner.Should().StartWith("dev/demo#dns-zone/told-");
    }

    [Fact]
    public async Task Provider_OverTheSocket_PassesTheKit()
    {
        await simulator.StartAsync();
        string[] capabilities = [CapabilityNames.SecretStore, CapabilityNames.ObjectStorage];

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(
            new ConformanceSubject("simulated", "i", () => simulator.Open()), ConformanceKit.All.Where(c => capabilities.Contains(c.Capability)), Token);

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Count(r => r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(20);
    }

    [Fact]
    public async Task Log_WithAHalfWrittenEnd_IsCutThere_AndGoesOn()
    {
        await simulator.StartAsync();
        await using var provider = simulator.Open();
        await provider.SecretStore!.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);
        await simulator.KillAsync();
        await File.AppendAllTextAsync(simulator.Log, "0123456789abcdef {\"account\":\"sim\",\"chan", Token);

        await simulator.StartAsync();
        await using (var next = simulator.Open())
        {
            (await next.SecretStore!.GetAsync("a", Token)).Should().NotBeNull();
            await next.SecretStore!.CreateIfAbsentAsync("b", new byte[] { 2 }, Token);
        }

        await simulator.KillAsync();
        await simulator.StartAsync();
        await using var last = simulator.Open();
        (await last.SecretStore!.ListAsync("", Token)).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Log_DamagedBeforeItsEnd_IsRefused_AndLeftAsItIs()
    {
        await simulator.StartAsync();
        await using var provider = simulator.Open();
        await provider.SecretStore!.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);
        await provider.SecretStore!.CreateIfAbsentAsync("b", new byte[] { 1 }, Token);
        await simulator.KillAsync();
        var bytes = await File.ReadAllBytesAsync(simulator.Log, Token);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(simulator.Log, bytes, Token);

        var (code, said) = await simulator.FailAsync();

        code.Should().Be(1);
        said.Should().Contain("is damaged at byte 0").And.NotContain("   at ");
        (await File.ReadAllBytesAsync(simulator.Log, Token)).Should().Equal(bytes);
    }

    [Fact]
    public async Task Start_BesideOneThatRuns_IsRefusedInOneSentence()
    {
        await simulator.StartAsync();

        var (code, said) = await simulator.FailAsync();

        code.Should().Be(1);
        said.Should().StartWith("The simulator cannot start: ").And.NotContain("   at ");
    }

    [Fact]
    public async Task Start_WithoutAFolder_TellsHowItIsStarted()
    {
        var (code, said) = await simulator.FailAsync("--socket", "/tmp/x.sock");

        code.Should().Be(2);
        said.Trim().Should().Be(SimulatorOptions.Usage);
    }

    [Fact]
    public async Task Provider_OfAnotherSortOfCloud_OrWithNobodyThere_IsToldWhatToDo()
    {
        await using var early = simulator.Open();
        var nobody = () => early.SecretStore!.GetAsync("a", Token);
        (await nobody.Should().ThrowAsync<ProviderException>()).WithMessage("*no simulator answers at*").Which.Error.Should().Be(ErrorClass.Transient);
        await simulator.StartAsync();
        await using var other = simulator.Open(scenario: simulator.Write("other.yaml", "profile: no-tags"));

        var misled = () => other.SecretStore!.GetAsync("a", Token);

        (await misled.Should().ThrowAsync<ProviderException>()).WithMessage("*is a cloud of profile default*give the provider the simulator's scenario.").Which.Error.Should().Be(ErrorClass.InvalidSpec);
        (await early.SecretStore!.GetAsync("a", Token)).Should().BeNull("what was not there yet is found when it is");
    }

    private const string Repository = "demo/web";

    /// <summary>
    /// A machine that was granted to push, and all it stands on. What is being made can be stood on at once, and a new account
    /// numbers what it makes: nothing is waited for.
    /// </summary>
    private static async Task<string> MachineThatPushesAsync(IProvider provider)
    {
        const string Image = "img-00000001";
        const string Network = "net-00000002";
        const string Edge = "edge-00000003";
        const string Identity = "idn-00000004";
        await provider.MachineImages!.Images.EnsureAsync(Call("image"), new MachineImageSpec("base"), Token);
        await provider.Network!.Networks.EnsureAsync(Call("network"), new NetworkSpec("10.7.0.0/16", true), Token);
        await provider.Compute!.Edges.EnsureAsync(Call("edge"), new EdgeSpec(Image, Network, null, "certificate"), Token);
        var identity = new AccessIdentitySpec
        {
            Instance = "dev/demo/worker/0",
            InstanceUid = "u",
            Role = "worker",
            Grants = [new InstanceGrant(GrantPaths.Repository(Repository), [GrantVerbs.Pull, GrantVerbs.Push])],
        };
        await provider.AccessIdentity!.Identities.EnsureAsync(Call("identity"), identity, Token);
        (await provider.Network.EdgeAttachments.EnsureAsync(Call("attachment"), new EdgeAttachmentSpec(Edge, Network, "10.7.0.2"), Token)).Should().BeOfType<StepOutcome.Succeeded>();
        (await provider.ContainerRegistry!.Repositories.EnsureAsync(Call("repository"), new RegistryRepositorySpec(Repository, Edge), Token)).Should().BeOfType<StepOutcome.Succeeded>();
        var machine = new MachineSpec
        {
            ImageId = Image,
            HostName = "machine",
            Size = "small",
            NetworkId = Network,
            Address = "10.7.0.10",
            IdentityId = Identity,
            FirstBoot = new FirstBoot("dev/demo/worker/0", "u", "10.7.0.2:7443", new string('a', 64)),
        };
        (await provider.Compute.Machines.EnsureAsync(Call("machine"), machine, Token)).Should().BeOfType<StepOutcome.InProgress>();
        return "i-00000007";
    }

    private static DnsZoneSpec Zone { get; } = new(null, "example.test");

    private static ResourceCall Call(string name) => new()
    {
        Marks = new OwnerMarks("i", "dev", "demo", name, $"dev/demo#dns-zone/{name}"),
        Name = name,
        Incarnation = 1,
        Token = $"{name}-ensure-1",
    };

    private static async Task<Observation> EnsureAsync(IProvider provider, ResourceCall call) =>
        (await provider.Dns!.Zones.EnsureAsync(call, Zone, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;
}
