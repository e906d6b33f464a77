namespace Tarmak.Machines.Steps;

/// <summary>
/// Why a step failed. The class decides whether and when the step is tried again and
/// whether the owner has to act.
/// </summary>
public enum ErrorClass
{
    /// <summary>Credentials are missing, wrong or expired. The owner must act.</summary>
    Unauthenticated,

    /// <summary>The credentials do not permit this. The owner must act.</summary>
    Unauthorized,

    /// <summary>An account limit is reached. The owner must act.</summary>
    QuotaExceeded,

    /// <summary>Too many calls; slower ones will be answered.</summary>
    RateLimited,

    /// <summary>The provider is out of what was asked for; it may have it later.</summary>
    ResourcesDepleted,

    /// <summary>Something this object needs is not there yet, or no longer.</summary>
    DependencyMissing,

    /// <summary>Somebody else's object is in the way. The owner must act.</summary>
    Conflict,

    /// <summary>The object addressed by its id does not exist.</summary>
    NotFound,

    /// <summary>The provider refuses the specification. The owner must act.</summary>
    InvalidSpec,

    /// <summary>A passing fault.</summary>
    Transient,

    /// <summary>Trying again as it is cannot help. The owner must act.</summary>
    Terminal,
}
