using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>A kind of object as the simulated cloud knows it. A new one is a file beside this and a line in <see cref="SimulatedKinds"/>.</summary>
internal abstract class SimulatedKind
{
    /// <summary>The resource kind.</summary>
    public required string Name { get; init; }

    /// <summary>What ids begin with.</summary>
    public required string Prefix { get; init; }

    /// <summary>What its calls are limited with.</summary>
    public required ApiFamily Family { get; init; }

    /// <summary>Whether two of one name cannot be, in whichever cloud.</summary>
    public bool HasUniqueNames { get; init; }

    /// <summary>Whether it serves whoever asks for the same, and nobody owns it.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether data is lost with it.</summary>
    public bool HoldsData { get; init; }

    /// <summary>How long it is being made after the call.</summary>
    public Latency Making { get; init; }

    /// <summary>How long it is being removed after the call.</summary>
    public Latency Unmaking { get; init; }

    /// <summary>What refuses its removal while others stand on it.</summary>
    public ErrorClass WhileInUse { get; init; } = ErrorClass.Transient;

    /// <summary>The one object that goes when one of this kind goes, by kind and name; null: none does.</summary>
    public Func<string, (SimulatedKind Kind, string Name)>? TakesAlong { get; init; }

    /// <summary>The id of an object.</summary>
    public string IdOf(long number) => $"{Prefix}-{number.ToString("x8", CultureInfo.InvariantCulture)}";

    /// <summary>The number in an id of this kind.</summary>
    public bool TryNumber(string id, out long number)
    {
        number = 0;
        return id.Length > Prefix.Length && id[Prefix.Length] == '-' && id.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(Prefix.Length + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>What its driver declares in a cloud.</summary>
    public ResourceTraits TraitsIn(CloudProfile profile) => new()
    {
        Kind = Name,
        EnsureResolution = profile.ResolutionOf(this),
        VisibilityBound = profile.VisibilityBound,
        CallDeadline = profile.CallDeadline,
        HoldsData = HoldsData,
        Shared = IsShared,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : EffectOf(made, wanted),
    };

    /// <summary>What is wrong with a specification, by itself, at a sort of cloud or in an account; null where nothing is.</summary>
    public abstract string? Problem(string parameters, CloudProfile profile, AccountState account);

    /// <summary>Ids of the objects that must be there first, and cannot go before.</summary>
    public abstract IEnumerable<string> References(string parameters);

    /// <summary>Ids of the objects that must be there first, and can go before.</summary>
    public abstract IEnumerable<string> Needs(string parameters);

    /// <summary>What only one object can have: an address in a network, a volume.</summary>
    public abstract IEnumerable<string> Claims(string parameters, string? chosen);

    /// <summary>What the cloud chooses where the specification leaves it open; null where it leaves nothing open.</summary>
    public abstract string? Choose(AccountState account, string parameters, long number);

    /// <summary>What another specification means.</summary>
    protected abstract ChangeEffect EffectOf(string made, string wanted);
}

/// <summary>A kind with its specification.</summary>
/// <typeparam name="TSpec">The specification.</typeparam>
internal sealed class SimulatedKind<TSpec> : SimulatedKind
    where TSpec : class
{
    /// <summary>Outputs of an object: JSON of the kind's.</summary>
    public required Func<CloudObject, TSpec, CloudProfile, string> Outputs { get; init; }

    /// <summary>What a changed specification means.</summary>
    public required Func<TSpec, TSpec, ChangeEffect> Change { get; init; }

    /// <summary>The name at the cloud.</summary>
    public Func<ResourceCall, TSpec, string> NameOf { get; init; } = static (call, _) => call.Name;

    /// <summary>What of a specification is written at a sort of cloud: what it has no words for is said in those it has.</summary>
    public Func<TSpec, CloudProfile, TSpec> Written { get; init; } = static (spec, _) => spec;

    /// <summary>See <see cref="SimulatedKind.Problem"/>: what is wrong with a specification by itself.</summary>
    public Func<TSpec, string?> ProblemOf { get; init; } = static _ => null;

    /// <summary>See <see cref="SimulatedKind.Problem"/>: what is wrong with it at a sort of cloud and in an account.</summary>
    public Func<TSpec, CloudProfile, AccountState, string?> ProblemAt { get; init; } = static (_, _, _) => null;

    /// <summary>See <see cref="SimulatedKind.References"/>.</summary>
    public Func<TSpec, IEnumerable<string>> ReferencesOf { get; init; } = static _ => [];

    /// <summary>See <see cref="SimulatedKind.Needs"/>.</summary>
    public Func<TSpec, IEnumerable<string>> NeedsOf { get; init; } = static _ => [];

    /// <summary>See <see cref="SimulatedKind.Claims"/>.</summary>
    public Func<TSpec, string?, IEnumerable<string>> ClaimsOf { get; init; } = static (_, _) => [];

    /// <summary>See <see cref="SimulatedKind.Choose"/>.</summary>
    public Func<AccountState, TSpec, long, string?> ChooseFor { get; init; } = static (_, _, _) => null;

    public override string? Problem(string parameters, CloudProfile profile, AccountState account) =>
        ResourceJson.Read<TSpec>(parameters) is var spec && ProblemOf(spec) is { } problem ? problem : ProblemAt(spec, profile, account);

    public override IEnumerable<string> References(string parameters) => ReferencesOf(ResourceJson.Read<TSpec>(parameters));

    public override IEnumerable<string> Needs(string parameters) => NeedsOf(ResourceJson.Read<TSpec>(parameters));

    public override IEnumerable<string> Claims(string parameters, string? chosen) => ClaimsOf(ResourceJson.Read<TSpec>(parameters), chosen);

    public override string? Choose(AccountState account, string parameters, long number) => ChooseFor(account, ResourceJson.Read<TSpec>(parameters), number);

    protected override ChangeEffect EffectOf(string made, string wanted) => Change(ResourceJson.Read<TSpec>(made), ResourceJson.Read<TSpec>(wanted));
}
