using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using X509Request = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A registry as it should be, and what machines do that use it.</summary>
internal class MemoryRegistry(MemoryIdentities identities) : MemoryDriver<RegistryRepositorySpec>(ResourceKinds.RegistryRepository), IContainerRegistry
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> callers = new(StringComparer.Ordinal);
    private readonly HashSet<string> pushed = new(StringComparer.Ordinal);

    public IResourceDriver<RegistryRepositorySpec> Repositories => this;

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, RegistryRepositorySpec spec, CancellationToken cancellationToken)
    {
        if (!IsName(spec.Repository))
        {
            return new StepOutcome.Failed(ErrorClass.InvalidSpec, $"{spec.Repository} is no name of a repository.");
        }

        lock (Gate)
        {
            names[call.Name] = spec.Repository;
        }

        return await base.EnsureAsync(call, spec, cancellationToken);
    }

    /// <summary>What a machine does that is told to run a program; null where it is none of these.</summary>
    public string? Run(string machine, IReadOnlyList<string> command)
    {
        if (command.Count < 4)
        {
            return null;
        }

        lock (Gate)
        {
            switch (command[3])
            {
                case "request":
                    using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                    {
                        return new X509Request("CN=anything", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
                    }

                case "certificate":
                    using (var certificate = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(command[4]))))
                    {
                        callers[machine] = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
                        return "";
                    }

                case "use":
                    var (verb, repository) = (command[8], command[9]);
                    var isThere = verb == GrantVerbs.Push || pushed.Contains(repository);
                    var code = !May(identities.GrantsOf(callers[machine]), repository, verb) ? 3 : isThere ? 0 : 1;
                    if (code == 0)
                    {
                        pushed.Add(repository);
                    }

                    return $"sha256:{repository}\nexit {code}\n";
                default:
                    return null;
            }
        }
    }

    protected virtual bool IsName(string name) => RepositoryNames.IsName(name);

    protected virtual bool May(IEnumerable<InstanceGrant> grants, string repository, string verb) => grants.Any(g => g.Allows(GrantPaths.Repository(repository), verb));

    protected override string Outputs(string id) => ResourceJson.Write(new RegistryRepositoryOutputs(id, names[Objects.Single(o => o.Value.Id == id).Key], "registry.example.test", 443, null));
}
