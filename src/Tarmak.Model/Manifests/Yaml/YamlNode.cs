namespace Tarmak.Model.Manifests.Yaml;

/// <summary>A node of a parsed document with its position. Aliases share nodes, so a node is never changed once made.</summary>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>Levels below this node, itself included.</summary>
    public abstract int Height { get; }

    /// <summary>Nodes below this node with aliases written out, itself included.</summary>
    public abstract long Weight { get; }

    /// <summary>For sentences: a list, a mapping, …</summary>
    public abstract string What { get; }

    /// <summary>The node at a path, or null.</summary>
    public YamlNode? Find(string path) => Walk(path, out _);

    /// <summary>The node at a path, or its nearest parent that exists.</summary>
    public YamlNode Nearest(string path)
    {
        Walk(path, out var nearest);
        return nearest;
    }

    protected virtual YamlNode? Child(string step) => null;

    private YamlNode? Walk(string path, out YamlNode nearest)
    {
        nearest = this;
        foreach (var step in path.Split('.', '[').Where(s => s.Length > 0))
        {
            var next = nearest.Child(step.TrimEnd(']'));
            if (next is null)
            {
                return null;
            }

            nearest = next;
        }

        return nearest;
    }
}
