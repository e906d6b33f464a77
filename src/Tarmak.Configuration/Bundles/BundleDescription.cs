using System.Text.Json.Nodes;
using Tarmak.Model.Resources;
using Tarmak.Model.Serialization;

namespace Tarmak.Configuration.Bundles;

/// <summary>Renders <c>bundle.json</c>, by which an agent knows that a bundle is meant for it.</summary>
internal static class BundleDescription
{
    private const int Format = 1;

    public static byte[] Render(BundleSpec spec) => CanonicalJson.File(new JsonObject
    {
        ["format"] = Format,
        ["instance"] = new JsonObject
        {
            ["cluster"] = spec.Cluster,
            ["environment"] = spec.Environment,
            ["fqdn"] = spec.Fqdn,
            ["index"] = spec.Index,
            ["name"] = spec.HostName,
            ["pool"] = spec.Pool,
            ["role"] = spec.Role,
            ["uid"] = spec.InstanceUid,
        },
    });
}
