using System.Text;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Identities;
using Tarmak.Providers.Container.Registry;

namespace Tarmak.Providers.Container.Edges;

/// <summary>Renders who may use which repository into the balancer's rules. What is not in them is refused.</summary>
internal static class RegistryRendering
{
    /// <summary>The registry's part of haproxy's configuration; empty where there are no repositories.</summary>
    public static string Frontend(EdgeState state)
    {
        if (state.Repositories.IsEmpty)
        {
            return "";
        }

        // A caller is who its certificate says, a repository what the path says before the last word that registries use
        // themselves; a path that could be read in two ways is none. Connections end with their call, so that none
        // outlives what it was let in by.
        var text = new StringBuilder($"""

            frontend registry
              mode http
              bind 0.0.0.0:{RegistryRepositoryDriver.Port} ssl crt /var/lib/tarmak-edge/registry/server.pem ca-file /etc/tarmak/edge/authority.pem verify required
              timeout client 60s
              timeout http-request 10s
              option httpclose
              http-request deny deny_status 400 if {'{'} path -m reg "%|//|/[.]|[.]/" {'}'}
              http-request deny deny_status 403 if {'{'} url_param(from) -m found {'}'} or {'{'} url_param(mount) -m found {'}'}
              http-request set-var(txn.repository) 'path,regsub("^/v2/(.+)/(manifests|blobs|tags|referrers)/.*$","\1")'
              http-request set-var(txn.use) 'ssl_c_s_dn(CN),concat(/,txn.repository)'
              acl reads method GET HEAD
              acl writes method POST PUT PATCH
              acl greets path /v2/
              acl known ssl_c_s_dn(CN) -m str -- -
              acl may_pull var(txn.use) -m str -- -
              acl may_push var(txn.use) -m str -- -

            """);
        foreach (var identity in state.Identities.Values.Select(i => i.Spec).OrderBy(i => i.InstanceUid, StringComparer.Ordinal))
        {
            var pulls = Uses(state, identity, GrantVerbs.Pull).ToList();
            var pushes = Uses(state, identity, GrantVerbs.Push).ToList();
            if (pulls.Count + pushes.Count > 0)
            {
                text.Append("  acl known ssl_c_s_dn(CN) -m str -- ").Append(identity.InstanceUid).Append('\n');
            }

            pulls.ForEach(use => text.Append("  acl may_pull var(txn.use) -m str -- ").Append(use).Append('\n'));
            pushes.ForEach(use => text.Append("  acl may_push var(txn.use) -m str -- ").Append(use).Append('\n'));
        }

        return text.Append("""
              http-request allow if greets reads known
              http-request allow if reads may_pull
              http-request allow if reads may_push
              http-request allow if writes may_push
              http-request deny deny_status 403
              default_backend registry

            backend registry
              mode http
              timeout server 60s
              retries 10
              http-request set-header X-Forwarded-Proto https
              server registry 127.0.0.1:5001

            """).ToString();
    }

    /// <summary>The names of the repositories, a line each.</summary>
    public static string Names(EdgeState state) => string.Concat(state.Repositories.Keys.Select(name => name + "\n"));

    private static IEnumerable<string> Uses(EdgeState state, AccessIdentitySpec identity, string verb) =>
        from grant in identity.Grants
        let repository = GrantPaths.RepositoryOf(grant.Path)
        where repository is not null && state.Repositories.ContainsKey(repository)
        where grant.Verbs.Contains(verb) || (verb == GrantVerbs.Push && identity.Policies.Contains(AccessIdentityDriver.RegistryPush) && grant.Verbs.Contains(GrantVerbs.Pull))
        select $"{identity.InstanceUid}/{repository}";
}
