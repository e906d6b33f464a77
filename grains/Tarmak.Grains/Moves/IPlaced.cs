namespace Tarmak.Grains.Moves;

/// <summary>Where something is, as it was read at one time.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IPlaced<TSelf>
    where TSelf : IPlaced<TSelf>
{
    /// <summary>Whether nothing of it changed.</summary>
    /// <param name="other">What was read at another time.</param>
    /// <returns>True if it is the same.</returns>
    bool IsAs(TSelf other);
}
