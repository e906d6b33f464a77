namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Carries a problem out of the recursion of <see cref="YamlText"/>; never leaves it.</summary>
internal sealed class YamlRefusedException(YamlProblem problem) : Exception(problem.Message)
{
    public YamlProblem Problem { get; } = problem;
}
