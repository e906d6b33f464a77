using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What one environment's fields say about each other.</summary>
internal static class EnvironmentRules
{
    public static void Check(EnvironmentSpec spec, ManifestSource source, ProblemLog log)
    {
        foreach (var (key, other) in spec.Overrides)
        {
            if (other.Zone is not null && !OverrideKeys.TakesZone(key))
            {
                log.Add(source.Problem($"spec.overrides.{key}.zone", "is for dns only; leave it out"));
            }

            if (other.Bucket is not null && !OverrideKeys.TakesBucket(key))
            {
                log.Add(source.Problem($"spec.overrides.{key}.bucket", "is for objectStorage, state, configuration and backups only; leave it out"));
            }
        }

        if (spec.Overrides.ContainsKey(CapabilityNames.Dns) && new Bindings(spec).PublicZone is null)
        {
            log.Add(source.Problem("spec.overrides.dns.zone", "is missing, and so is spec.dns.publicZone: dns is bound for names seen from outside; name the zone they are written in"));
        }

        RepositoryRules.Check(spec.Repositories, source, log);
        if (new Bindings(spec).PublicZone == spec.Dns.PrivateZone)
        {
            log.Add(source.Problem("spec.dns.privateZone", "is the same as publicZone; the two need different names"));
        }
    }
}
