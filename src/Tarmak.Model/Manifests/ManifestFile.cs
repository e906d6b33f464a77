namespace Tarmak.Model.Manifests;

/// <summary>The text of one file, read by the caller.</summary>
/// <param name="Name">Name shown in problems.</param>
/// <param name="Text">YAML or JSON, any number of documents.</param>
public sealed record ManifestFile(string Name, string Text);
