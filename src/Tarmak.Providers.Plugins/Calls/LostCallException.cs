namespace Tarmak.Providers.Plugins.Calls;

/// <summary>A call was sent, and nobody knows what became of it.</summary>
/// <param name="message">One sentence.</param>
internal sealed class LostCallException(string message) : Exception(message);
