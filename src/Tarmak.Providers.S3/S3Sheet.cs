using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.S3;

/// <summary>What an S3-compatible server offers, needs and cannot do.</summary>
internal static class S3Sheet
{
    /// <summary>The server.</summary>
    public static readonly Requirement Server = new(RequirementKind.Place, "server", "The S3 server answers, by TLS with a certificate this machine trusts unless it is on this machine.");

    /// <summary>The key.</summary>
    public static readonly Requirement Key = new(RequirementKind.Permission, "access-key", "The server takes what is signed with the access key that credentialsFrom names.");

    /// <summary>Its rights.</summary>
    public static readonly Requirement Rights = new(
        RequirementKind.Permission, "buckets-and-objects",
        "The key may do s3:CreateBucket, s3:DeleteBucket, s3:PutBucketVersioning, s3:ListBucket, s3:ListBucketVersions, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:DeleteObjectVersion, on buckets called tarmak-* and what is in them.");

    /// <summary>What not every server does.</summary>
    public static readonly Requirement Conditions = new(RequirementKind.Place, "conditional-writes", "The server holds If-None-Match and If-Match on writes, so that of two writers one is told.");

    /// <summary>The sheet.</summary>
    public static RequirementSheet Sheet { get; } = new()
    {
        Type = S3ProviderFactory.TypeName,
        Summary = "Object storage of any S3-compatible server that holds conditions on writes.",
        Requirements = [Server],
        Settings = [ProviderOptions.Server, ProviderOptions.Region, ProviderOptions.Credentials],
        RequiredSettings = [ProviderOptions.Server, ProviderOptions.Credentials],
        Capabilities =
        [
            new StoreSheet(CapabilityNames.ObjectStorage)
            {
                Ways = [GrantWay.Brokered],
                Objects = [ObjectSheet.Of(BucketDriver.Declared, ObjectMark.Companion)],
                Requirements = [Key, Rights, Conditions],
                Limitations =
                [
                    "The companion that marks a bucket is the object .tarmak/owner.json in it, written last; an empty bucket of the wanted name without it is taken for one that was not made to its end.",
                    "Versions are kept where the server keeps any; nothing expires by itself.",
                    "Two versions of the same content have the same ETag.",
                    "Keys with segments of dots, empty ones, percent signs or control characters are stored with percent signs.",
                ],
            },
        ],
    };
}
