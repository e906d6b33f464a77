namespace Tarmak.Agent;

/// <summary>Something the agent found wrong, in one sentence for whoever reads its journal.</summary>
/// <param name="message">The sentence.</param>
/// <param name="innerException">The cause.</param>
internal sealed class AgentException(string message, Exception? innerException = null) : Exception(message, innerException);
