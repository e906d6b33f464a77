namespace Tarmak.Cli.Engine;

/// <summary>Data that a change would lose.</summary>
/// <param name="Name">Name to consent with.</param>
/// <param name="Reason">What holds the data, in one sentence.</param>
internal sealed record ConsentNeeded(string Name, string Reason);
