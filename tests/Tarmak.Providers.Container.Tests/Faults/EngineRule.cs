using System.Net;

namespace Tarmak.Providers.Container.Tests.Faults;

/// <summary>Which calls of the container engine meet what.</summary>
/// <param name="Reply">What becomes of their replies.</param>
internal sealed record EngineRule(EngineReply Reply)
{
    /// <summary>Whether only calls that may change something meet it.</summary>
    public bool OfChanges { get; init; }

    /// <summary>Which one of them meets it, from one; null: all.</summary>
    public int? Number { get; init; }

    /// <summary>With what a call is refused.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.InternalServerError;

    /// <summary>What the engine says to a refusal.</summary>
    public string Says { init => Body = $$"""{"message":"{{value}}"}"""; }

    /// <summary>The whole answer.</summary>
    public string Body { get; init; } = """{"message":"something broke"}""";

    /// <summary>Whether a call may change something.</summary>
    public static bool Changes(string method) => method is not ("GET" or "HEAD");
}
