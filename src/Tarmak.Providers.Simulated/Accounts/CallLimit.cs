namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>How many calls of a family an account may make.</summary>
/// <param name="Burst">At once, after a rest.</param>
/// <param name="PerSecond">In the long run.</param>
internal readonly record struct CallLimit(double Burst, double PerSecond);
