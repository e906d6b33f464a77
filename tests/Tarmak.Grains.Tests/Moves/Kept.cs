using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>A provider that keeps something in memory, counts its calls, and has something happen at one of them.</summary>
internal abstract class Kept : IProvider
{
    private bool isInside;

    public RequirementSheet Sheet { get; } = new() { Type = "kept", Summary = "In memory.", Capabilities = [] };

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>What happens before (true) and after a call, by the call's number. What happens there may call this store; that is not counted.</summary>
    public Action<int, bool>? At { get; set; }

    /// <summary>Whether it answers.</summary>
    public bool Silent { get; set; }

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected Task<T> Call<T>(Func<T> call)
    {
        if (Silent)
        {
            throw new ProviderException(ErrorClass.Transient, "The store does not answer.");
        }

        if (isInside)
        {
            return Task.FromResult(call());
        }

        var number = Calls++;
        Tell(number, before: true);
        var result = call();
        Tell(number, before: false);
        return Task.FromResult(result);
    }

    private void Tell(int number, bool before)
    {
        isInside = true;
        try
        {
            At?.Invoke(number, before);
        }
        finally
        {
            isInside = false;
        }
    }
}
