namespace Tarmak.Model.Manifests.Yaml;

/// <summary>Text. Plain text may stand for a number, a truth value or nothing; quoted text is always text.</summary>
internal sealed class YamlScalar(string text, bool isPlain, int line, int column) : YamlNode(line, column)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override int Height => 1;

    public override long Weight => 1;

    public override string What => IsNull ? "nothing" : IsPlain ? "a plain value" : "quoted text";
}
