namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Parts of the cloud's interface whose calls are limited together.</summary>
internal enum ApiFamily
{
    /// <summary>Machines and edges.</summary>
    Compute,

    /// <summary>Networks and what is in them.</summary>
    Network,

    /// <summary>Volumes.</summary>
    Volumes,

    /// <summary>Machine images.</summary>
    Images,

    /// <summary>Balancers and targets.</summary>
    Balancing,

    /// <summary>Zones and record sets.</summary>
    Dns,

    /// <summary>Buckets and repositories, and what they hold.</summary>
    Storage,

    /// <summary>Secrets, and records beside objects.</summary>
    Records,
}
