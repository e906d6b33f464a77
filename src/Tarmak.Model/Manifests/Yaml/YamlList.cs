using System.Globalization;

namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Items in order.</summary>
internal sealed class YamlList(IReadOnlyList<YamlNode> items, int line, int column) : YamlNode(line, column)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override int Height { get; } = 1 + items.Select(i => i.Height).DefaultIfEmpty().Max();

    public override long Weight { get; } = 1 + items.Sum(i => i.Weight);

    public override string What => "a list";

    protected override YamlNode? Child(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Items.Count ? Items[index] : null;
}
