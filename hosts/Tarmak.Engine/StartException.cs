namespace Tarmak.Engine;

/// <summary>The engine cannot start. The message is one sentence for the operator.</summary>
/// <param name="message">The sentence.</param>
/// <param name="innerException">The cause.</param>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
