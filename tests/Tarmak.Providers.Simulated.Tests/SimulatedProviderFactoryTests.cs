using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Simulated.Tests;

public sealed class SimulatedProviderFactoryTests : IDisposable
{
    private readonly SimulatedProviderFactory factory = new(TimeProvider.System);
    private readonly string folder = Directory.CreateTempSubdirectory("tarmak-simulated-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Create_OfOneName_IsOneAccount_AndOfAnotherAnother()
    {
        await Open("sim").SecretStore!.CreateIfAbsentAsync("a", new byte[] { 1 }, Token);

        (await Open("sim").SecretStore!.GetAsync("a", Token)).Should().NotBeNull();
        (await Open("other").SecretStore!.GetAsync("a", Token)).Should().BeNull();
    }

    [Fact]
    public void Create_ScenarioThatIsWrong_IsToldWithItsLine_AndReadAnewOnceMended()
    {
        var file = Path.Combine(folder, "s.yaml");
        File.WriteAllText(file, "profile: moon");

        var act = () => Open("sim", file);

        act.Should().Throw<ProviderException>().WithMessage($"{file}:1: *");
        File.WriteAllText(file, "profile: hostname-only");
        Open("sim", file).Sheet.Find<LoadBalancingSheet>()!.HasHostNames.Should().BeTrue();
    }

    [Fact]
    public void Describe_ByItsScenario_TellsTheProfile()
    {
        var file = Path.Combine(folder, "s.yaml");
        File.WriteAllText(file, "profile: no-tokens\nvisibility: 9s\nquotas: { machine: 2 }");

        var sheet = factory.Describe(Options(file));

        sheet.Find(CapabilityNames.Compute)!.Objects.Should().OnlyContain(o => o.EnsureResolution == UnknownResolution.Read && o.VisibilityBound == TimeSpan.FromSeconds(9));
        sheet.Requirements.Should().Contain(r => r.Kind == RequirementKind.Quota && r.Name == ResourceKinds.Machine);
        factory.Describe(Options("/nowhere/s.yaml")).Find(CapabilityNames.Compute)!.Objects.Should().OnlyContain(o => o.EnsureResolution == UnknownResolution.Replay);
    }

    private static Dictionary<string, string> Options(string? scenario) => scenario is null ? [] : new() { [ProviderOptions.Scenario] = scenario };

    private IProvider Open(string name, string? scenario = null) => factory.Create(new ProviderSettings(name, "simulated", "i", folder, Options(scenario)), null!);
}
