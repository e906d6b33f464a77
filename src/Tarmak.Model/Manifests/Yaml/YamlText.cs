using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tarmak.Model.Manifests.Yaml;

/// <summary>
/// Reads YAML into nodes with positions, within bounds: a hostile file costs no more than an ordinary one of its size.
/// The bounds on depth and on written-out aliases keep recursion shallow and aliases from multiplying.
/// </summary>
internal sealed class YamlText
{
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly YamlBudget _budget;

    private YamlText(string text, YamlBudget budget)
    {
        _parser = new Parser(new StringReader(text));
        _budget = budget;
    }

    /// <summary>Deepest nesting of lists and mappings.</summary>
    public const int DeepestNesting = 64;

    /// <summary>The documents up to the first problem, and that problem.</summary>
    /// <param name="text">The text of one file.</param>
    /// <param name="budget">What is left for it.</param>
    public static (IReadOnlyList<YamlNode> Documents, YamlProblem? Problem) Read(string text, YamlBudget budget)
    {
        var documents = new List<YamlNode>();
        var reader = new YamlText(text, budget);
        try
        {
            reader.ReadAll(documents);
            return (documents, null);
        }
        catch (YamlRefusedException refused)
        {
            return (documents, refused.Problem);
        }
        catch (YamlException syntax)
        {
            return (documents, new YamlProblem(
                Math.Max(1, (int)syntax.Start.Line), Math.Max(1, (int)syntax.Start.Column), $"not valid YAML: {Sentence(syntax.Message)}"));
        }
    }

    private void ReadAll(List<YamlNode> documents)
    {
        while (Advance())
        {
            if (_parser.Current is DocumentStart)
            {
                if (!_budget.TakeDocument())
                {
                    throw Refused(_parser.Current, $"document after the {YamlBudget.MostDocuments}th, and one request takes no more; apply them in several");
                }

                _anchors.Clear();
                Next();
                documents.Add(ReadNode(1));
            }
        }
    }

    private YamlNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var (line, column) = Position(current);
        if (depth > DeepestNesting && current is not Scalar)
        {
            throw Refused(current, $"nested more than {DeepestNesting} levels deep; no manifest needs that");
        }

        if (current is NodeEvent { Tag.IsEmpty: false, Tag.IsNonSpecific: false })
        {
            throw Refused(current, "a YAML tag (!…) is not allowed; leave it out, fields have fixed types");
        }

        YamlNode node;
        switch (current)
        {
            case AnchorAlias alias:
                return ReadAlias(alias, depth);
            case Scalar scalar:
                node = new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line, column);
                break;
            case SequenceStart:
                node = new YamlList(ReadItems(depth), line, column);
                break;
            case MappingStart:
                node = new YamlMapping(ReadFields(depth), line, column);
                break;
            default:
                throw Refused(current, "not valid YAML: a value was expected");
        }

        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private List<YamlNode> ReadItems(int depth)
    {
        var items = new List<YamlNode>();
        for (Next(); _parser.Current is not SequenceEnd; Next())
        {
            items.Add(ReadNode(depth + 1));
        }

        return items;
    }

    private List<KeyValuePair<YamlScalar, YamlNode>> ReadFields(int depth)
    {
        var fields = new List<KeyValuePair<YamlScalar, YamlNode>>();
        for (Next(); _parser.Current is not MappingEnd; Next())
        {
            if (_parser.Current is not Scalar)
            {
                throw Refused(_parser.Current!, "not valid here: the name of a field must be plain text");
            }

            var key = (YamlScalar)ReadNode(depth + 1);
            Next();
            fields.Add(new(key, ReadNode(depth + 1)));
        }

        return fields;
    }

    private YamlNode ReadAlias(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw Refused(alias, "alias of an anchor that is not complete before it; write the value out");
        }

        if (!_budget.TakeAliased(node.Weight) || depth + node.Height - 1 > DeepestNesting)
        {
            throw Refused(alias, $"alias that makes the manifests too big (more than {YamlBudget.MostAliasedNodes} values or {DeepestNesting} levels); write values out instead of nesting anchors");
        }

        return node;
    }

    private void Next()
    {
        if (!Advance())
        {
            throw new YamlRefusedException(new YamlProblem(1, 1, "not valid YAML: it ends in the middle of a document"));
        }
    }

    // The library meets some broken text with exceptions of its own workings instead of a YamlException.
    private bool Advance()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception inner) when (inner is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            var end = _parser.Current?.End ?? Mark.Empty;
            throw new YamlRefusedException(new YamlProblem(
                Math.Max(1, (int)end.Line), Math.Max(1, (int)end.Column), "not valid YAML: what follows cannot be read; check brackets, quotes and indentation"));
        }
    }

    private static YamlRefusedException Refused(ParsingEvent at, string message)
    {
        var (line, column) = Position(at);
        return new YamlRefusedException(new YamlProblem(line, column, message));
    }

    private static (int Line, int Column) Position(ParsingEvent at) => ((int)at.Start.Line, (int)at.Start.Column);

    private static string Sentence(string message) =>
        message.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
}
