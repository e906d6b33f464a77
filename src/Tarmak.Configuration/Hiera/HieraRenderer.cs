using System.Text.Json.Nodes;
using Tarmak.Model.Resources;
using Tarmak.Model.Serialization;

namespace Tarmak.Configuration.Hiera;

/// <summary>Renders one instance's hiera data. It holds references to secrets, never values, and is the same for the same input.</summary>
public static class HieraRenderer
{
    /// <summary>Renders the data.</summary>
    /// <param name="spec">What decides the instance's configuration.</param>
    /// <returns>UTF-8 JSON, keys sorted.</returns>
    /// <exception cref="ArgumentException">The specification contradicts itself or carries a secret value.</exception>
    public static byte[] Render(BundleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);

        var data = new JsonObject
        {
            ["tarmak::role"] = spec.Role,
            ["tarmak::certificates"] = Each(spec.Certificates, Certificate),
            ["tarmak::names::nameservers"] = Texts([spec.DnsServer]),
            ["tarmak::names::search"] = Texts(SearchDomains(spec)),
            ["tarmak::names::hosts"] = Each(Hosts(spec), host => host),
            ["tarmak::ssh::authorized_keys"] = Texts(spec.AuthorizedKeys),
        };

        if (spec.Role == Roles.Etcd)
        {
            AddEtcd(data, spec);
        }

        if (spec.Registry is { } registry)
        {
            data["tarmak::registry::address"] = registry.Address;
            data["tarmak::registry::repositories"] = Texts(registry.Repositories);
            if (registry.AuthorityCertificate is { } authority)
            {
                data["tarmak::registry::authority"] = authority;
            }
        }

        data["tarmak::secrets"] = Texts(SecretReferences.In(data));
        return CanonicalJson.File(data);
    }

    private static void AddEtcd(JsonObject data, BundleSpec spec)
    {
        var own = spec.EtcdMembers.Where(member => member.Name == spec.HostName).ToArray();
        if (own is not [var self] || self.Address != spec.Address)
        {
            throw new ArgumentException($"The etcd members do not name {spec.HostName} with its address {spec.Address} exactly once.", nameof(spec));
        }

        data["profile::etcd::member"] = spec.HostName;
        data["profile::etcd::token"] = $"{spec.Environment}-{spec.Cluster}";
        data["profile::etcd::members"] = Each(
            spec.EtcdMembers.OrderBy(member => member.Name, StringComparer.Ordinal),
            member => new JsonObject { ["name"] = member.Name, ["address"] = member.Address });
    }

    private static IEnumerable<JsonNode> Hosts(BundleSpec spec)
    {
        yield return Host(spec.Address, spec.Fqdn, spec.HostName);

        var others = spec.EtcdMembers.Where(member => member.Address != spec.Address);
        foreach (var member in others.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            yield return Host(member.Address, member.Fqdn, member.Name);
        }
    }

    private static JsonObject Host(string address, params string[] names) => new()
    {
        ["address"] = address,
        ["names"] = Texts(names.Distinct(StringComparer.Ordinal)),
    };

    // Short names are tried in the machine's own domain first, then in the whole private zone.
    private static IEnumerable<string> SearchDomains(BundleSpec spec)
    {
        var dot = spec.Fqdn.IndexOf('.', StringComparison.Ordinal);
        string[] domains = dot < 0 ? [spec.PrivateZone] : [spec.Fqdn[(dot + 1)..], spec.PrivateZone];
        return domains.Distinct(StringComparer.Ordinal);
    }

    private static JsonNode Certificate(CertificateRequest request) => new JsonObject
    {
        ["name"] = request.Name,
        ["authority"] = request.Authority,
        ["commonName"] = request.CommonName,
        ["usages"] = Texts(request.Usages),
        ["dnsNames"] = Texts(request.DnsNames),
        ["ipAddresses"] = Texts(request.Addresses),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => Each(texts, text => JsonValue.Create(text));

    private static JsonArray Each<T>(IEnumerable<T> items, Func<T, JsonNode> render) => new([.. items.Select(render)]);
}
