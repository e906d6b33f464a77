using System.Collections.Concurrent;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Providers.Simulated;

/// <summary>Makes providers of type <c>simulated</c>. All of one name in this process see one account, which goes with the process.</summary>
/// <param name="time">The clock; a virtual one makes the cloud's time virtual.</param>
public sealed class SimulatedProviderFactory(TimeProvider time) : IProviderFactory
{
    internal const string TypeName = "simulated";

    private readonly ConcurrentDictionary<(string Name, string? Scenario), Lazy<SimulatedCloud>> accounts = new();

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options)
    {
        try
        {
            return SimulatedSheet.Of(ScenarioOf(options.GetValueOrDefault(ProviderOptions.Scenario)).Profile);
        }
        catch (ProviderException)
        {
            // What is wrong with a scenario is told where a provider is made of it; until then it is a cloud like any.
            return SimulatedSheet.Of(CloudProfiles.Default);
        }
    }

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        var file = settings.Options.GetValueOrDefault(ProviderOptions.Scenario);
        var account = (settings.Name, file);
        try
        {
            return new SimulatedProvider(accounts.GetOrAdd(account, _ => new(() => new SimulatedCloud(ScenarioOf(file), time))).Value, settings.Installation, time);
        }
        catch (ProviderException)
        {
            // A scenario that was mended is read anew.
            accounts.TryRemove(account, out _);
            throw;
        }
    }

    /// <inheritdoc/>
    public string AccountOf(ProviderSettings settings) => $"{Type} {settings.Name} {settings.Options.GetValueOrDefault(ProviderOptions.Scenario)}".TrimEnd();

    private static Scenario ScenarioOf(string? file) => file is null ? Scenario.Default : ScenarioReader.ReadFile(file);
}
