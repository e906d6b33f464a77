namespace Tarmak.Providers.S3;

/// <summary>A change was sent and its reply lost: it may have been made.</summary>
internal sealed class ReplyLostException(string message, Exception? innerException) : Exception(message, innerException);
