namespace Tarmak.Grains.Agents;

/// <summary>Wakes the machine that waits for an instance's convergence. A hint: losing or doubling one changes nothing.</summary>
public interface IConvergenceHints
{
    /// <summary>Says that an instance's agent has enrolled or reported.</summary>
    /// <param name="instance">Key of the instance, for example <c>dev/demo/etcd/0</c>.</param>
    void Nudge(string instance);
}
