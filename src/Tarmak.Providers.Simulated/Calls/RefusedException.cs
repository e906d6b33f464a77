using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>A refusal on its way to the edge of a driver: nothing was done.</summary>
/// <param name="refusal">The refusal.</param>
internal sealed class RefusedException(CloudRefusal refusal) : Exception(refusal.Message)
{
    public ErrorClass Error { get; } = refusal.Error;

    public bool NameTaken { get; } = refusal.NameTaken;
}
