using Tarmak.Model.Manifests.Yaml;

namespace Tarmak.Model.Manifests;

/// <summary>Where a document was written; finds the position of any of its fields.</summary>
public sealed class ManifestSource
{
    private readonly YamlNode _root;

    internal ManifestSource(string file, YamlNode root)
    {
        File = file;
        _root = root;
    }

    /// <summary>File name as given by the caller.</summary>
    public string File { get; }

    /// <summary>Line of the document's first field, from 1.</summary>
    public int Line => _root.Line;

    /// <summary>Column of the document's first field, from 1.</summary>
    public int Column => _root.Column;

    /// <summary>Whether the field of that path was written.</summary>
    internal bool Has(string path) => _root.Find(path) is not null;

    /// <summary>A problem at the field of that path, or at its nearest parent that was written.</summary>
    /// <param name="path">Path as <c>spec.instancePools[1].count</c>.</param>
    /// <param name="message">What is wrong, and what would be right.</param>
    public ManifestProblem Problem(string path, string message)
    {
        var node = _root.Nearest(path);
        return new ManifestProblem(File, node.Line, node.Column, path, message);
    }
}
