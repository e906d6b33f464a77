using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>What evidence of a machine is worth. The weaker it is, the more else must agree before it is believed.</summary>
public enum EvidenceStrength
{
    /// <summary>The nonce is signed by a key that only this machine has: it proves that the machine answers now.</summary>
    NonceSigned,

    /// <summary>A document about the machine is signed, without the nonce: it could be a copy, so it counts at first use only.</summary>
    SignedDocument,

    /// <summary>Nothing but the one-time secret that the machine was started with.</summary>
    OneTimeSecret,
}

/// <summary>Machines' evidence as a provider offers it.</summary>
public sealed record InstanceMetadataSheet() : CapabilitySheet(CapabilityNames.InstanceMetadata)
{
    /// <summary>What the evidence is worth.</summary>
    public required EvidenceStrength Strength { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
    [
        new("evidence", Strength switch
        {
            EvidenceStrength.NonceSigned => "the engine's nonce, signed by a key of the machine's own",
            EvidenceStrength.SignedDocument => "a signed document about the machine, without the nonce",
            _ => "the one-time secret only",
        }),
    ];
}
