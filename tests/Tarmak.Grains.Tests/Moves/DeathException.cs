namespace Tarmak.Grains.Tests.Moves;

/// <summary>The engine dies in the middle of a driver's work.</summary>
internal sealed class DeathException : Exception;
