namespace Tarmak.Providers.Conformance;

/// <summary>A provider does not meet a demand.</summary>
/// <param name="message">What was done, what was expected and what came instead, in one sentence.</param>
public sealed class CheckFailedException(string message) : Exception(message);
