namespace Tarmak.Grains.Tests.Moves;

/// <summary>Secrets that move.</summary>
public sealed class SecretMoveTests : MoveTests
{
    private protected override MovingWorld NewWorld(bool onePlace) => new SecretWorld(onePlace);
}
