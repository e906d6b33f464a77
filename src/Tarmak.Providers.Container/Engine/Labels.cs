using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Engine;

/// <summary>What is written on containers, networks and volumes beside the owner's marks.</summary>
internal static class Labels
{
    public const string Kind = "tarmak.io/kind";
    public const string Incarnation = "tarmak.io/incarnation";
    public const string Spec = "tarmak.io/spec";
    public const string Ports = "tarmak.io/ports";
    public const string EvidenceKey = "tarmak.io/evidence-key";
    public const string FirewallGroup = "tarmak.io/firewall-group";
    public const string Image = "tarmak.io/image";

    /// <summary>All labels of an object.</summary>
    public static Dictionary<string, string> Of(ResourceCall call, string kind, string? spec = null)
    {
        var labels = call.Marks.ToLabels();
        labels[Kind] = kind;
        labels[Incarnation] = call.Incarnation.ToString(CultureInfo.InvariantCulture);
        if (spec is not null)
        {
            labels[Spec] = Hash(spec);
        }

        return labels;
    }

    /// <summary>The marks in an object's labels; null where it is none of ours.</summary>
    public static OwnerMarks? Marks(IDictionary<string, string>? labels) =>
        labels is not null
        && labels.TryGetValue(OwnerMarks.InstallationLabel, out var installation)
        && labels.TryGetValue(OwnerMarks.EnvironmentLabel, out var environment)
        && labels.TryGetValue(OwnerMarks.UidLabel, out var uid)
        && labels.TryGetValue(OwnerMarks.OwnerLabel, out var owner)
            ? new OwnerMarks(installation, environment, Value(labels, OwnerMarks.ClusterLabel), uid, owner)
            : null;

    /// <summary>Whether the object is the caller's own.</summary>
    public static bool IsOwn(IDictionary<string, string>? labels, OwnerMarks marks) =>
        Marks(labels) is { } found && found.Installation == marks.Installation && found.Uid == marks.Uid;

    /// <summary>Which object in the line of replacements this is; 0 where it does not say.</summary>
    public static int IncarnationOf(IDictionary<string, string>? labels) =>
        int.TryParse(Value(labels, Incarnation), NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation) ? incarnation : 0;

    public static string? Value(IDictionary<string, string>? labels, string name) =>
        labels is not null && labels.TryGetValue(name, out var value) ? value : null;

    /// <summary>Hash of a specification, short enough for a label.</summary>
    public static string Hash(string spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec)))[..32];

    /// <summary>Refuses a call that comes late: a later object has taken its object's name, and must not go for an earlier one.</summary>
    /// <param name="found">The incarnation that has the name.</param>
    /// <param name="call">The call.</param>
    /// <param name="thing">What it is.</param>
    public static void RefuseLate(int found, ResourceCall call, string thing)
    {
        if (found > call.Incarnation)
        {
            throw EngineFaultException.Failed(
                ErrorClass.Conflict, $"The {thing} {call.Name} was made again since (incarnation {found}), so this call for incarnation {call.Incarnation} comes too late.");
        }
    }

    /// <summary>The sentence for an object of somebody else under our name.</summary>
    public static string Foreign(string thing, string name) =>
        $"The {thing} {name} is there already and belongs to somebody else; remove it or rename yours.";
}
