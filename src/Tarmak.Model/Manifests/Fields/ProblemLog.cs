using System.Globalization;
using Tarmak.Model.Manifests.Yaml;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>Collects what is wrong with one document.</summary>
internal sealed class ProblemLog(string file)
{
    private const int LongestStep = 64;

    private readonly List<ManifestProblem> _problems = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public IReadOnlyList<ManifestProblem> Problems => _problems;

    /// <summary>Whether a value that others depend on could not be read, so that rules on the whole would mislead.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Reports a problem; the rest of the document is still meaningful.</summary>
    public void Report(YamlNode at, string path, string message)
    {
        _problems.Add(new ManifestProblem(file, at.Line, at.Column, path, message));
        _paths.Add(path);
    }

    /// <summary>Whether something is wrong at that path itself.</summary>
    public bool Has(string path) => _paths.Contains(path);

    /// <summary>Reports a problem that leaves a hole in the document.</summary>
    public void ReportHole(YamlNode at, string path, string message)
    {
        IsIncomplete = true;
        Report(at, path, message);
    }

    /// <summary>Reports a required field that is not there, unless what was written there is reported already.</summary>
    public void ReportMissing(YamlNode parent, string path, string message)
    {
        IsIncomplete = true;
        if (!Has(path))
        {
            Report(parent, path, message);
        }
    }

    /// <summary>Adds a problem found by a rule, unless its field is already reported.</summary>
    public void Add(ManifestProblem problem)
    {
        if (_paths.Add(problem.Path))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>The path of a member; user's text is shortened and stripped of control characters.</summary>
    public static string Join(string path, string step)
    {
        var clean = new string([.. step.Take(LongestStep).Select(c => char.IsControl(c) ? '?' : c)]);
        return path.Length == 0 ? clean : $"{path}.{clean}";
    }

    /// <summary>The path of a list's item.</summary>
    public static string Join(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
