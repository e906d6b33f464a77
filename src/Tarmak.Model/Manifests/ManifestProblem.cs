using System.Globalization;

namespace Tarmak.Model.Manifests;

/// <summary>One thing that is wrong with a manifest, and where.</summary>
/// <param name="File">File name as given by the caller.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Path">Path of the field, as <c>spec.instancePools[1].count</c>; empty for the document.</param>
/// <param name="Message">What is wrong, and what would be right. Never holds a value of a field that may be secret.</param>
public sealed record ManifestProblem(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>file:line:column: path: message</c>; without the path where the whole document is meant.</summary>
    public override string ToString() => Path.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Path}: {Message}");
}
