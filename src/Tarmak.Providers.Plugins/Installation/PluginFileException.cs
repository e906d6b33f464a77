namespace Tarmak.Providers.Plugins.Installation;

/// <summary>A <c>plugin.json</c> cannot be used.</summary>
/// <param name="message">One sentence: where, what, how to mend it.</param>
/// <param name="innerException">The cause.</param>
internal sealed class PluginFileException(string message, Exception? innerException = null) : Exception(message, innerException);
