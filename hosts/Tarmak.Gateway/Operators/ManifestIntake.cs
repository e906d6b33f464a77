using Google.Protobuf.Collections;
using Tarmak.Model.Manifests;
using Tarmak.Providers.Requirements;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Reads a request's manifests and checks them whole. What comes out is good as far as manifests can tell.</summary>
internal sealed class ManifestIntake(ProviderSheets sheets)
{
    /// <summary>Reads without comparing with what there is.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is nothing to read.</exception>
    public static ManifestReadResult Read(RepeatedField<V1.ManifestFile> files)
    {
        if (files.Count == 0)
        {
            throw Refusal.InvalidArgument("The request holds no manifest; give at least one file.");
        }

        return ManifestReader.Read([.. files.Select(f => new ManifestFile(f.Name.Length == 0 ? "manifest" : f.Name, f.Content))]);
    }

    /// <summary>Checks everything and refuses with every problem at once.</summary>
    /// <returns>Changes that give up data.</returns>
    /// <exception cref="Grpc.Core.RpcException">Something is wrong.</exception>
    public IReadOnlyList<RequiredConsent> Check(ManifestReadResult incoming, Declarations declared)
    {
        var validation = ManifestValidator.Validate(incoming, declared.ToExisting());
        var requirements = new ManifestRequirements(sheets, name => ProviderOf(name, incoming, declared), name => EnvironmentOf(name, incoming, declared));
        ManifestProblem[] problems = [.. validation.Problems, .. SupportedFeatures.Check(incoming, declared), .. requirements.Check(incoming)];
        if (problems.Length == 0)
        {
            return validation.RequiredConsents;
        }

        throw Array.TrueForAll(problems, p => p.Path == "metadata.resourceVersion")
            ? Refusal.Precondition(
                string.Join('\n', problems.Select(p => p.ToString())), problems.Select(p => (Refusal.StateType, p.Path, p.ToString())))
            : Refusal.Invalid(Distinct(problems));
    }

    private static ProviderSpec? ProviderOf(string name, ManifestReadResult incoming, Declarations declared) =>
        incoming.Providers.FirstOrDefault(p => p.Manifest.Metadata.Name == name)?.Manifest.Spec
        ?? (declared.Providers.FirstOrDefault(p => p.Name == name) is { } stored ? Declarations.SpecOf(stored) : null);

    private static EnvironmentSpec? EnvironmentOf(string name, ManifestReadResult incoming, Declarations declared) =>
        incoming.Environments.FirstOrDefault(e => e.Manifest.Metadata.Name == name)?.Manifest.Spec
        ?? declared.Environments.GetValueOrDefault(name)?.Desired.Environment?.Spec;

    /// <summary>One place may be wrong for two reasons at once; the same sentence is said once.</summary>
    private static List<ManifestProblem> Distinct(IEnumerable<ManifestProblem> problems) => [.. problems.Distinct()];
}
