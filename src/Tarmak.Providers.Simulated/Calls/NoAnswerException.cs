namespace Tarmak.Providers.Simulated.Calls;

/// <summary>The answer to a call was lost.</summary>
/// <param name="message">Which.</param>
internal sealed class NoAnswerException(string message) : Exception(message);
