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
            await output.WriteLineAsync($"{kind} {document.Key} {Word(document.Action)}");
        }
    }

    private static string Word(DocumentResult.Types.Action action) => action switch
    {
        DocumentResult.Types.Action.Created => "created",
        DocumentResult.Types.Action.Changed => "changed",
        DocumentResult.Types.Action.Unchanged => "unchanged",
        DocumentResult.Types.Action.Deleting => "is being deleted",
        _ => "accepted",
    };
}
