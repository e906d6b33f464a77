using Google.Protobuf.Collections;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Reads a request's manifests and checks them whole. What comes out is good as far as manifests can tell.</summary>
internal sealed class ManifestIntake(SupportedFeatures features)
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
        ManifestProblem[] problems = [.. validation.Problems, .. features.Check(incoming, declared)];
        if (problems.Length == 0)
        {
            return validation.RequiredConsents;
        }

        throw Array.TrueForAll(problems, p => p.Path == "metadata.resourceVersion")
            ? Refusal.Precondition(
                string.Join('\n', problems.Select(p => p.ToString())), problems.Select(p => (Refusal.StateType, p.Path, p.ToString())))
            : Refusal.Invalid(Distinct(problems));
    }

    /// <summary>One place may be wrong for two reasons at once; the same sentence is said once.</summary>
    private static List<ManifestProblem> Distinct(IEnumerable<ManifestProblem> problems) => [.. problems.Distinct()];
}
