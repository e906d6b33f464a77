namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Fields in the order written; a key written twice is there twice.</summary>
internal sealed class YamlMapping(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> fields, int line, int column) : YamlNode(line, column)
{
    public IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Fields { get; } = fields;

    public override int Height { get; } = 1 + fields.Select(f => f.Value.Height).DefaultIfEmpty().Max();

    public override long Weight { get; } = 1 + fields.Sum(f => 1 + f.Value.Weight);

    public override string What => "a mapping";

    public YamlNode? Get(string key) => Fields.FirstOrDefault(f => f.Key.Text == key).Value;

    protected override YamlNode? Child(string step) => Get(step);
}
