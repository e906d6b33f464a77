namespace Tarmak.Providers.S3;

/// <summary>How making a bucket ended.</summary>
internal enum Creation
{
    /// <summary>It is there and this account's: made now, or before.</summary>
    Own,

    /// <summary>Another account has the name.</summary>
    Taken,
}
