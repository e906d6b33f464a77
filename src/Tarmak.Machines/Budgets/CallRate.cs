namespace Tarmak.Machines.Budgets;

/// <summary>How many calls a cloud lets an account make, as most clouds count them: a bucket that fills up steadily.</summary>
/// <param name="Burst">Calls at once, after a rest.</param>
/// <param name="PerSecond">Calls a second in the long run.</param>
public sealed record CallRate(double Burst, double PerSecond);
