using System.Collections.Immutable;
using Tarmak.Machines.Planning;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Environments;

/// <summary>
/// One of the things that can move, in a plan: the place in force and the one it is bound to. What is at the place in
/// force stays until the binding's own machine has verified the other and says that it is in force now.
/// </summary>
internal sealed class MovingPlace
{
    private readonly PlanGraph graph;
    private readonly ImmutableArray<BoundPlace> places;
    private readonly string key;
    private readonly string title;
    private readonly string resourceKind;
    private readonly int? recorded;
    private string? copyKind;

    /// <param name="graph">The plan.</param>
    /// <param name="desired">The environment's wish.</param>
    /// <param name="key">The capability or use.</param>
    /// <param name="resourceKind">Kind of the objects that are at a place.</param>
    /// <param name="title">Name of the first place's object.</param>
    public MovingPlace(PlanGraph graph, EnvironmentDesired desired, string key, string resourceKind, string title)
    {
        (this.graph, this.key, this.resourceKind, this.title) = (graph, key, resourceKind, title);
        Binding = $"#{ResourceKinds.Binding}/{key}";
        var bound = BoundPlace.Of(new Bindings(desired.Environment!.Spec), key);
        places = desired.Places?.GetValueOrDefault(key) is { IsDefault: false } line ? line : bound is null ? [] : [bound];
        HasMoved = bound is not null && places.Length > 1;
        recorded = HasMoved && graph.LastOutputs(Binding) is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs).Place : null;

        // What is served from the first place is recorded before anything is taken from there.
        var isFirstServed = resourceKind == ResourceKinds.SecretCopy || graph.Knows(NameOf(0));
        Wanted = bound is null ? null : recorded is null && isFirstServed ? 0 : places.IndexOf(bound);
        InForce = bound is null ? null : recorded ?? Wanted;
    }

    /// <summary>Name of the binding's machine among the children.</summary>
    public string Binding { get; }

    /// <summary>Whether it was ever bound to another place than the first.</summary>
    public bool HasMoved { get; }

    /// <summary>The place that it is to be at next; null: there is nothing to be anywhere.</summary>
    public int? Wanted { get; }

    /// <summary>The place in force.</summary>
    public int? InForce { get; }

    /// <summary>Name of the object in force among the children.</summary>
    public string? Object => InForce is { } place ? NameOf(place) : null;

    /// <summary>Provider of the place in force.</summary>
    public string? Provider => InForce is { } place ? places[place].Provider : null;

    /// <summary>Zone of the place in force.</summary>
    public string? Zone => InForce is { } place ? places[place].Zone : null;

    /// <summary>What others go before.</summary>
    public IEnumerable<string> Served => (Object is { } name ? [name] : Array.Empty<string>()).Concat(HasMoved ? [Binding] : []);

    /// <summary>Plans the objects at the place in force and at the next.</summary>
    /// <typeparam name="TSpec">Type of the objects' specification.</typeparam>
    /// <param name="spec">Makes an object's specification from the number of its place.</param>
    public void Objects<TSpec>(Func<int, BoundPlace, TSpec> spec)
        where TSpec : class
    {
        foreach (var place in Used)
        {
            graph.Capability(places[place].Provider, resourceKind, TitleOf(place), () => spec(place, places[place]));
        }
    }

    /// <summary>Plans the copies of what is in the objects; the next place is in force only with a whole one.</summary>
    /// <typeparam name="TSpec">Type of the copies' specification.</typeparam>
    /// <param name="kind">Kind of the machines that copy.</param>
    /// <param name="spec">Makes a copy's specification from the number of its place and the name of the object there.</param>
    public void Copies<TSpec>(string kind, Func<int, BoundPlace, string, TSpec> spec)
        where TSpec : class
    {
        copyKind = kind;
        foreach (var place in Used)
        {
            graph.Capability(places[place].Provider, kind, TitleOf(place), () => spec(place, places[place], NameOf(place)));
        }
    }

    /// <summary>Plans the binding, after all that has to be at the next place.</summary>
    public void Bind()
    {
        if (HasMoved && Wanted is { } next)
        {
            string[] ready = recorded is null ? [] : copyKind is null ? [NameOf(next)] : [NameOf(next), $"#{copyKind}/{TitleOf(next)}"];
            var binding = new BindingSpec
            {
                Environment = graph.Parent.Key,
                Key = key,
                Place = next,
                Provider = places[next].Provider,
                Object = graph.Parent.Capability(resourceKind, TitleOf(next)).Key,
            };
            graph.Capability(EngineProvider.Name, ResourceKinds.Binding, key, () => binding, ready);
        }
    }

    private IEnumerable<int> Used => new[] { InForce, Wanted }.OfType<int>().Distinct();

    private string TitleOf(int place) => BoundPlace.TitleOf(title, place);

    private string NameOf(int place) => $"#{resourceKind}/{TitleOf(place)}";
}
