using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary>Says what happened to each document.</summary>
internal static class DocumentResults
{
    /// <summary>One line per document.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="documents">What the engine answered.</param>
    public static async Task PrintAsync(TextWriter output, IEnumerable<DocumentResult> documents)
    {
        foreach (var document in documents)
        {
            var kind = Kinds.Singular(document.Kind) ?? document.Kind;
            var why = document.Sentence.Length > 0 ? $": {PlainText.Of(document.Sentence)}" : "";
            await output.WriteLineAsync($"{kind} {document.Key} {Word(document.Action)}{why}");
        }
    }

    private static string Word(DocumentResult.Types.Action action) => action switch
    {
        DocumentResult.Types.Action.Created => "created",
        DocumentResult.Types.Action.Changed => "changed",
        DocumentResult.Types.Action.Unchanged => "unchanged",
        DocumentResult.Types.Action.Deleting => "is being deleted",
        DocumentResult.Types.Action.Absent => "is gone already",
        DocumentResult.Types.Action.Refused => "was refused",
        DocumentResult.Types.Action.Unanswered => "is in doubt",
        DocumentResult.Types.Action.NotReached => "was not reached",
        _ => "accepted",
    };
}
