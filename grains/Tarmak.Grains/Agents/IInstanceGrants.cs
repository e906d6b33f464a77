namespace Tarmak.Grains.Agents;

/// <summary>What was granted to instances. It is asked at every call an agent makes, and nothing of it is kept.</summary>
public interface IInstanceGrants
{
    /// <summary>Looks whether an instance may do something.</summary>
    /// <param name="instance">Key of the instance.</param>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="path">What is wanted, see <see cref="Tarmak.Model.Resources.GrantPaths"/>.</param>
    /// <param name="verb">What is to be done with it, see <see cref="Tarmak.Model.Resources.GrantVerbs"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The verdict.</returns>
    Task<GrantVerdict> LookAsync(string instance, string instanceUid, string path, string verb, CancellationToken cancellationToken);
}

/// <summary>Whether an instance may do something.</summary>
public enum GrantVerdict
{
    /// <summary>It may not.</summary>
    Refused,

    /// <summary>It may.</summary>
    Granted,

    /// <summary>Nothing is recorded of the instance yet, so nobody can tell.</summary>
    Unrecorded,
}
