using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Requirement sheets in the contract's terms.</summary>
internal static class SheetMapper
{
    public static V1.ProviderType ToType(RequirementSheet sheet, IEnumerable<string> providers)
    {
        var type = new V1.ProviderType { Type = sheet.Type, Summary = sheet.Summary };
        type.Capabilities.AddRange(sheet.Capabilities.Select(c => c.Capability));
        type.Providers.AddRange(providers.Order(StringComparer.Ordinal));
        return type;
    }

    public static V1.RequirementSheet ToContract(RequirementSheet sheet)
    {
        var contract = new V1.RequirementSheet { Type = sheet.Type, Summary = sheet.Summary };
        contract.Requirements.AddRange(sheet.Requirements.Select(ToContract));
        contract.Capabilities.AddRange(sheet.Capabilities.Select(ToContract));
        contract.NotOffered.AddRange(CapabilityNames.All.Where(name => sheet.Find(name) is null));
        return contract;
    }

    public static V1.RequirementFinding ToContract(RequirementFinding finding, RequirementSheet sheet) => new()
    {
        Requirement = ToContract(finding.Requirement),
        Capability = sheet.Capabilities.FirstOrDefault(c => c.Requirements.Contains(finding.Requirement))?.Capability ?? "",
        State = finding.State switch
        {
            RequirementState.Met => V1.RequirementFinding.Types.State.Met,
            RequirementState.Unmet => V1.RequirementFinding.Types.State.Unmet,
            _ => V1.RequirementFinding.Types.State.Unknown,
        },
        Sentence = finding.Sentence,
    };

    private static V1.Requirement ToContract(Requirement requirement) =>
        new() { Kind = Camel(requirement.Kind), Name = requirement.Name, Reason = requirement.Reason };

    private static V1.CapabilitySheet ToContract(CapabilitySheet sheet)
    {
        var contract = new V1.CapabilitySheet { Capability = sheet.Capability };
        contract.Objects.AddRange(sheet.Objects.Select(ToContract));
        contract.Requirements.AddRange(sheet.Requirements.Select(ToContract));
        contract.Facts.AddRange(sheet.Facts.Select(f => new V1.SheetFact { Name = f.Name, Value = f.Value }));
        contract.Limitations.AddRange(sheet.Limitations);
        return contract;
    }

    private static V1.ObjectSheet ToContract(ObjectSheet sheet) => new()
    {
        Kind = sheet.Kind,
        Mark = Camel(sheet.Mark),
        EnsureResolution = Camel(sheet.EnsureResolution),
        VisibilityBoundSeconds = sheet.VisibilityBound.TotalSeconds,
        CallDeadlineSeconds = sheet.CallDeadline.TotalSeconds,
        HoldsData = sheet.HoldsData,
    };

    private static string Camel<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
