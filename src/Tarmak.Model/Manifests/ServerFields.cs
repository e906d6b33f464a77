using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests;

/// <summary>What the server adds to a manifest on the way out; all but the version is ignored on the way in.</summary>
/// <param name="Uid">Identity of this incarnation of the name.</param>
/// <param name="Generation">How often the spec has changed.</param>
/// <param name="ResourceVersion">Changes with every write; a precondition when applied again.</param>
/// <param name="Status">What was observed; null prints none.</param>
public sealed record ServerFields(string Uid, long Generation, string ResourceVersion, JsonObject? Status = null);
