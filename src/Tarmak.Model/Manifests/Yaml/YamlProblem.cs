namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Why a text could not be read further.</summary>
internal sealed record YamlProblem(int Line, int Column, string Message);
