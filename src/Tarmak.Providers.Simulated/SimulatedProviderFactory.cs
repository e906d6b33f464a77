using System.Collections.Concurrent;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Remote;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Providers.Simulated;

/// <summary>
/// Makes providers of type <c>simulated</c>. All of one name see one account: in this process, which it goes with, or in the
/// process that a host names, which outlives this one.
/// </summary>
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
        if (settings.Options.TryGetValue(ProviderOptions.Host, out var host))
        {
            var profile = ScenarioOf(file).Profile;
            return new SimulatedProvider(new RemoteCloud(SocketOf(host), settings.Name, profile), profile, settings.Installation, time);
        }

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
    public string AccountOf(ProviderSettings settings) => settings.Options.TryGetValue(ProviderOptions.Host, out var host)
        ? $"{Type} {settings.Name} at {host}"
        : $"{Type} {settings.Name} {settings.Options.GetValueOrDefault(ProviderOptions.Scenario)}".TrimEnd();

    private static string SocketOf(string host) => Uri.TryCreate(host, UriKind.Absolute, out var address) && address is { Scheme: "unix", AbsolutePath.Length: > 1 }
        ? address.AbsolutePath
        : throw new ProviderException(ErrorClass.InvalidSpec, $"The simulator's host is {host}; write the path of its socket, as unix:///run/tarmak/simulator.sock.");

    private static Scenario ScenarioOf(string? file) => file is null ? Scenario.Default : ScenarioReader.ReadFile(file);
}
