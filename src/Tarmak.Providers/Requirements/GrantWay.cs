namespace Tarmak.Providers.Requirements;

/// <summary>How an instance gets at what it was granted of a store.</summary>
public enum GrantWay
{
    /// <summary>The store's cloud knows the instance and lets it in. Only instances of that cloud.</summary>
    Native,

    /// <summary>The engine hands out an address that is good for a while.</summary>
    Presigned,

    /// <summary>The engine reads it and passes it on, under the instance's own certificate.</summary>
    Brokered,
}
