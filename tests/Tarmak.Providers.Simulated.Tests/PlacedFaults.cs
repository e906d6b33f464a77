using Tarmak.Machines.Steps;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>Every fault the contract knows, placed on an account's calls as a scenario places them.</summary>
/// <param name="open">Opens a provider at the account.</param>
internal sealed class PlacedFaults(Func<IProvider> open) : IFaultInjection
{
    private static readonly CloudMethod[] s_effects =
    [
        CloudMethod.Create, CloudMethod.Update, CloudMethod.Delete, CloudMethod.CreateRecord, CloudMethod.SetRecord, CloudMethod.DeleteRecord, CloudMethod.WriteContent, CloudMethod.DeleteContent,
    ];

    private readonly List<Fault> placed = [];

    /// <summary>What the account's scenario has.</summary>
    public IReadOnlyList<Fault> Placed => placed;

    public IReadOnlyList<FaultCase> Cases { get; } =
    [
        .. Enum.GetValues<ErrorClass>().Select(error => new FaultCase($"each call is refused as {error}", error)),
        new("each answer is lost", null),
        new("no call is answered", null),
    ];

    public Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken)
    {
        placed.AddRange(fault.Error is { } error ? [new Fault { Kind = FaultKind.Fail, Error = error }]
            : fault == Cases[^1] ? [new Fault { Kind = FaultKind.Hang }]
            : (IEnumerable<Fault>)s_effects.Select(method => new Fault { Kind = FaultKind.LoseReply, Method = method }));
        return Task.FromResult(new FaultyOpening(open(), () =>
        {
            placed.Clear();
            return ValueTask.CompletedTask;
        }));
    }
}
