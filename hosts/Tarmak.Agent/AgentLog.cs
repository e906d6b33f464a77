using System.Globalization;
using System.Text;

namespace Tarmak.Agent;

/// <summary>
/// Writes one structured line per event to standard output, where the journal takes it. Values are quoted and bounded,
/// so that no message can forge a line. Nothing secret is ever handed to it.
/// </summary>
/// <param name="output">Where lines go.</param>
internal sealed class AgentLog(TextWriter output)
{
    private const int LongestValue = 2000;
    private readonly Lock _gate = new();

    /// <summary>Something worth knowing happened.</summary>
    public void Info(string text, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("info", text, fields);

    /// <summary>Something went wrong that is tried again.</summary>
    public void Warning(string text, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("warning", text, fields);

    /// <summary>Something went wrong that somebody must look at.</summary>
    public void Error(string text, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("error", text, fields);

    private void Write(string level, string text, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        StringBuilder line = new();
        line.Append("level=").Append(level).Append(" message=");
        AppendQuoted(line, text);
        foreach ((string name, object? value) in fields)
        {
            line.Append(' ').Append(name).Append('=');
            AppendQuoted(line, Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
        }

        lock (_gate)
        {
            output.WriteLine(line.ToString());
            output.Flush();
        }
    }

    private static void AppendQuoted(StringBuilder line, string value)
    {
        if (value.Length is > 0 and < 200 && !value.AsSpan().ContainsAnyExcept(Plain))
        {
            line.Append(value);
            return;
        }

        line.Append('"');
        foreach (char character in value.AsSpan(0, Math.Min(value.Length, LongestValue)))
        {
            switch (character)
            {
                case '"' or '\\':
                    line.Append('\\').Append(character);
                    break;
                case '\n':
                    line.Append("\\n");
                    break;
                default:
                    line.Append(char.IsControl(character) ? ' ' : character);
                    break;
            }
        }

        line.Append('"');
    }

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/@+-[]");
}
