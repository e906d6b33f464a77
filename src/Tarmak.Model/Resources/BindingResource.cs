namespace Tarmak.Model.Resources;

/// <summary>
/// Where something that can move is served from. Ensuring it is the cut-over: what is at the new place is verified, and
/// with the outcome's commit the new place is the one in force.
/// </summary>
public sealed record BindingSpec
{
    /// <summary>Environment name.</summary>
    public required string Environment { get; init; }

    /// <summary>The capability, or the use of object storage.</summary>
    public required string Key { get; init; }

    /// <summary>Number of the place, from 0, in the line of all the key was ever bound to.</summary>
    public required int Place { get; init; }

    /// <summary>Name of the provider there.</summary>
    public required string Provider { get; init; }

    /// <summary>Key of the machine whose object must be as it should be before the place is in force.</summary>
    public required string Object { get; init; }
}

/// <summary>The place in force.</summary>
/// <param name="Place">Its number.</param>
/// <param name="Provider">Name of the provider there.</param>
public sealed record BindingOutputs(int Place, string Provider);

/// <summary>What was copied, or is to be, to one of the places that something was ever bound to.</summary>
public interface ICopySpec
{
    /// <summary>Environment name.</summary>
    string Environment { get; }

    /// <summary>Number of the place, from 0.</summary>
    int Place { get; }

    /// <summary>Name of the provider there.</summary>
    string Provider { get; }
}

/// <summary>All secrets of an environment, at one of the places they were ever bound to.</summary>
/// <param name="Environment">Environment name.</param>
/// <param name="Place">Number of the place, from 0.</param>
/// <param name="Provider">Name of the provider there.</param>
public sealed record SecretCopySpec(string Environment, int Place, string Provider) : ICopySpec;

/// <summary>All objects of one use of an environment, at one of the places they were ever bound to.</summary>
/// <param name="Environment">Environment name.</param>
/// <param name="Place">Number of the place, from 0.</param>
/// <param name="Provider">Name of the provider there.</param>
/// <param name="Use"><c>state</c> or <c>backups</c>.</param>
/// <param name="BucketId">The provider's id of the bucket there.</param>
public sealed record ObjectCopySpec(string Environment, int Place, string Provider, string Use, string BucketId) : ICopySpec;

/// <summary>The copy.</summary>
/// <param name="Place">Number of its place.</param>
public sealed record CopyOutputs(int Place);
