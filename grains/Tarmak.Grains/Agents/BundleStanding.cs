namespace Tarmak.Grains.Agents;

/// <summary>What can be said of an instance's bundle at this time.</summary>
public abstract record BundleStanding
{
    private BundleStanding()
    {
    }

    /// <summary>The instance is gone, or a machine that has not enrolled yet takes its place: there is nothing to wait for.</summary>
    public sealed record NoMachine : BundleStanding;

    /// <summary>None was made yet, or it is being changed: there is one to wait for.</summary>
    public sealed record Changing : BundleStanding;

    /// <summary>There is one.</summary>
    /// <param name="Bundle">The bundle.</param>
    public sealed record InForce(InstanceBundle Bundle) : BundleStanding;
}
