using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>One call of the simulated cloud's own interface, as data: it may come from another process.</summary>
/// <param name="Method">What is to be done.</param>
/// <param name="Kind">The resource kind, or <see cref="Secrets"/>, <see cref="Companions"/> or <see cref="Contents"/>.</param>
internal sealed record CloudRequest(CloudMethod Method, string Kind)
{
    /// <summary>Records that are secrets.</summary>
    public const string Secrets = "secret";

    /// <summary>Records that say whose an object without marks is.</summary>
    public const string Companions = "companion";

    /// <summary>What buckets hold.</summary>
    public const string Contents = "content";

    /// <summary>The object's id.</summary>
    public string? Id { get; init; }

    /// <summary>The object's name, or key of a record or content; of lists, the prefix; of images, the repository's name in its registry.</summary>
    public string? Name { get; init; }

    /// <summary>Describe: the owner in the marks, where neither id nor name is known.</summary>
    public string? Uid { get; init; }

    /// <summary>List: the installation in the marks; null: everybody's.</summary>
    public string? Installation { get; init; }

    /// <summary>List: where the page begins.</summary>
    public long After { get; init; }

    /// <summary>Create: the token by which a second call is known; null where the cloud has none.</summary>
    public string? Token { get; init; }

    /// <summary>Create, update: marks, where the cloud has tags.</summary>
    public OwnerMarks? Marks { get; init; }

    /// <summary>Create, update: the incarnation in the marks.</summary>
    public int Incarnation { get; init; }

    /// <summary>Create, update: the specification.</summary>
    public string? Parameters { get; init; }

    /// <summary>Whether the name is taken for everybody.</summary>
    public bool IsUniqueName { get; init; }

    /// <summary>The value written, or evidence.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The nonce that evidence is given for.</summary>
    public byte[]? Nonce { get; init; }

    /// <summary>What is sent, by whom <see cref="Id"/> names.</summary>
    public CloudPacket? Packet { get; init; }

    /// <summary>The tag of the image that a machine, whom <see cref="Id"/> names, pulls or pushes.</summary>
    public string? Tag { get; init; }

    /// <summary>The version that must be there (0: none); null: whichever.</summary>
    public long? Version { get; init; }

    /// <summary>Whether the call changes anything.</summary>
    public bool HasEffect => Method is CloudMethod.Create or CloudMethod.Update or CloudMethod.Delete or CloudMethod.CreateRecord or CloudMethod.SetRecord
        or CloudMethod.DeleteRecord or CloudMethod.WriteContent or CloudMethod.DeleteContent or CloudMethod.PushImage;

    /// <summary>What it is about, for people.</summary>
    public string Shown => $"{Method} {Kind} {Name ?? Id ?? Uid}";
}
