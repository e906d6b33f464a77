using Tarmak.Machines.Environments;

namespace Tarmak.Gateway.Operators;

/// <summary>An environment as it was declared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Desired">Everything it was asked for.</param>
/// <param name="Deleting">Whether it is being deleted.</param>
internal sealed record DeclaredEnvironment(string Name, EnvironmentDesired Desired, bool Deleting);
