using Tarmak.Grains.Abstractions;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>What became of the documents of a request.</summary>
internal static class Documents
{
    /// <summary>A key nothing has: a list of it gives the revision alone.</summary>
    public const string NoKey = "-";

    public static V1.DocumentResult Of(ResourceKey key, AcceptResult result) => new()
    {
        Kind = KindNames.Of(key.Kind),
        Key = key.Path,
        Generation = result.Generation,
        Action = result.Action switch
        {
            "created" => V1.DocumentResult.Types.Action.Created,
            "changed" => V1.DocumentResult.Types.Action.Changed,
            "unchanged" => V1.DocumentResult.Types.Action.Unchanged,
            "deleting" => V1.DocumentResult.Types.Action.Deleting,
            "absent" => V1.DocumentResult.Types.Action.Absent,
            _ => V1.DocumentResult.Types.Action.Unspecified,
        },
    };

    public static V1.DocumentResult Of(ResourceKey key, V1.DocumentResult.Types.Action action, string sentence = "") =>
        new() { Kind = KindNames.Of(key.Kind), Key = key.Path, Action = action, Sentence = sentence };
}
