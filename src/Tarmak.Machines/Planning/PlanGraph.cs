using System.Collections.Immutable;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Planning;

/// <summary>
/// A plan being drawn up. A node's specification may use what other children turned out to be; until all of them
/// are ready it has none, and the child is not asked for. So whatever can start, starts.
/// </summary>
/// <param name="parent">The machine that plans.</param>
/// <param name="parentUid">Its identity.</param>
/// <param name="children">What it knows of its children.</param>
public sealed class PlanGraph(MachineAddress parent, string parentUid, ImmutableSortedDictionary<string, ChildRecord> children)
{
    private readonly List<PlanNode> nodes = [];
    private readonly List<string> reads = [];
    private readonly HashSet<string> retained = new(StringComparer.Ordinal);

    /// <summary>The machine that plans.</summary>
    public MachineAddress Parent { get; } = parent;

    /// <summary>Identity of the machine that plans.</summary>
    public string ParentUid { get; } = parentUid;

    /// <summary>Whether its owner wants everything left as it is.</summary>
    public bool Paused { get; set; }

    /// <summary>What the plan as a whole waits for, in plain words; it is complete, and the machine may be ready, only without.</summary>
    public string? Awaiting { get; set; }

    /// <summary>The nodes, in the order they were added.</summary>
    public IReadOnlyList<PlanNode> Nodes => nodes;

    /// <summary>The machine's own outputs as JSON, once they are known.</summary>
    public string? Outputs { get; set; }

    /// <summary>Adds an object behind a capability.</summary>
    /// <typeparam name="TSpec">Type of its specification.</typeparam>
    /// <param name="provider">The bound provider.</param>
    /// <param name="resourceKind">Its resource kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="spec">Makes its specification; may read other children by <see cref="Read{T}"/>.</param>
    /// <param name="after">Children it depends on beyond those that the specification reads.</param>
    /// <returns>Its name among the children.</returns>
    public string Capability<TSpec>(string provider, string resourceKind, string name, Func<TSpec> spec, params ReadOnlySpan<string> after)
        where TSpec : class
    {
        var address = Parent.Capability(resourceKind, name);
        return Add(address, $"#{resourceKind}/{name}", provider, () => ResourceJson.Write(spec()), [], after, hold: false, counts: true, life: 0);
    }

    /// <summary>Adds a nested machine.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="spec">Makes its specification as JSON; may read other children.</param>
    /// <param name="hold">Whether a changed specification has to wait.</param>
    /// <param name="counts">Whether the parent is ready only when this child is.</param>
    /// <param name="life">Tells the child from an earlier one of its name that has to go first.</param>
    /// <param name="uses">Children that go only after it, and that it does not wait for.</param>
    /// <param name="after">Children it depends on beyond those that the specification reads.</param>
    /// <returns>Its name among the children.</returns>
    public string Nested(
        MachineKind kind, string name, Func<string> spec, bool hold = false, bool counts = true, long life = 0,
        ReadOnlySpan<string> uses = default, params ReadOnlySpan<string> after) =>
        Add(Parent.Nested(kind, name), $"/{name}", null, spec, uses, after, hold, counts, life);

    /// <summary>Outputs of a child that is ready. Inside a specification it makes the child a dependency.</summary>
    /// <typeparam name="T">Type of the outputs.</typeparam>
    /// <param name="name">Name among the children.</param>
    /// <returns>The outputs. Where they are not known yet it does not return: the specification is given up for this time.</returns>
    public T Read<T>(string name)
        where T : class
    {
        reads.Add(name);
        if (Find<T>(name) is { } outputs)
        {
            return outputs;
        }

        throw new NotReadyException();
    }

    /// <summary>Outputs of a child that is ready, or null. Makes no dependency.</summary>
    /// <typeparam name="T">Type of the outputs.</typeparam>
    /// <param name="name">Name among the children.</param>
    /// <returns>The outputs, or null.</returns>
    public T? Find<T>(string name)
        where T : class =>
        IsReady(name) && children[name].Status!.Outputs is { } json ? ResourceJson.Read<T>(json) : null;

    /// <summary>Inside a specification: gives it up for this time; the child keeps the one it has.</summary>
    /// <returns>Never.</returns>
    public static string Wait() => throw new NotReadyException();

    /// <summary>Outputs that a child last reported, ready or not, or null. Makes no dependency.</summary>
    /// <param name="name">Name among the children.</param>
    /// <returns>The outputs as JSON, or null.</returns>
    public string? LastOutputs(string name) => children.GetValueOrDefault(name)?.Status?.Outputs;

    /// <summary>Whether there is such a child, in whatever phase.</summary>
    /// <param name="name">Name among the children.</param>
    /// <returns>True if it was ever given a specification and is not gone.</returns>
    public bool Knows(string name) => children.ContainsKey(name);

    /// <summary>Names of the objects of a kind that are there, planned or not.</summary>
    /// <param name="resourceKind">The resource kind.</param>
    /// <returns>Their names among the children, in order.</returns>
    public IEnumerable<string> Known(string resourceKind) => children.Keys.Where(name => name.StartsWith($"#{resourceKind}/", StringComparison.Ordinal));

    /// <summary>Leaves a child that is not in the plan any more as it is, for as long as this is said; the machine is not ready meanwhile.</summary>
    /// <param name="name">Name among the children.</param>
    public void Retain(string name) => retained.Add(name);

    /// <summary>Whether a child is left as it is although it is not in the plan.</summary>
    /// <param name="name">Name among the children.</param>
    /// <returns>True if it is.</returns>
    internal bool IsRetained(string name) => retained.Contains(name);

    /// <summary>Whether a child is ready with the specification last given to it.</summary>
    /// <param name="name">Name among the children.</param>
    /// <returns>True if it is.</returns>
    public bool IsReady(string name) =>
        children.GetValueOrDefault(name) is { Deleting: false, Status: { Phase: Phase.Ready } status } child
        && status.Generation == child.Generation;

    /// <summary>Whether a child was last given exactly this specification, or was never given any.</summary>
    /// <param name="name">Name among the children.</param>
    /// <param name="spec">The specification as JSON.</param>
    /// <returns>False if the child has another one.</returns>
    public bool IsCurrent(string name, string spec) =>
        children.GetValueOrDefault(name) is not { } child || child.SpecHash == SpecText.Hash(spec);

    private string Add(
        MachineAddress address, string name, string? provider, Func<string> spec,
        ReadOnlySpan<string> uses, ReadOnlySpan<string> after, bool hold, bool counts, long life)
    {
        reads.Clear();
        reads.AddRange(uses);
        var complete = true;
        foreach (var dependency in after)
        {
            reads.Add(dependency);
            complete &= IsReady(dependency);
        }

        string? text = null;
        try
        {
            text = spec();
        }
        catch (NotReadyException)
        {
            // A specification that reads what is not there yet has no text; the child waits.
        }

        nodes.Add(new PlanNode
        {
            Address = address,
            Name = name,
            Provider = provider,
            Spec = complete ? text : null,
            DependsOn = [.. reads.Distinct(StringComparer.Ordinal)],
            Hold = hold,
            Counts = counts,
            Life = life,
        });
        return name;
    }

    private sealed class NotReadyException : Exception;
}
