using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.S3;

/// <summary>One account at one S3-compatible server. It offers object storage and nothing else.</summary>
public sealed class S3Provider : IProvider
{
    private readonly S3Server server;

    internal S3Provider(S3Options options, TimeProvider time)
    {
        server = new S3Server(options, time);
        ObjectStorage = new S3ObjectStorage(server);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet => S3Sheet.Sheet;

    /// <inheritdoc/>
    public IObjectStorage ObjectStorage { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) =>
    [
        .. await LookAsync(cancellationToken).ConfigureAwait(false),
        new(S3Sheet.Rights, RequirementState.Unknown, "What the key may do is seen only by doing it."),
        new(S3Sheet.Conditions, RequirementState.Unknown, "It is tried in each new bucket before it is used, and a server that fails is refused then."),
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) =>
        [.. (await LookAsync(cancellationToken).ConfigureAwait(false)).Where(f => f.State == RequirementState.Unmet).Select(f => f.Sentence)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lists the account's buckets, the one question that needs no bucket and changes nothing.</summary>
    private async Task<RequirementFinding[]> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var count = await server.CountBucketsAsync(cancellationToken).ConfigureAwait(false);
            return
            [
                new(S3Sheet.Server, RequirementState.Met, $"{server.Shown} answers."),
                new(S3Sheet.Key, RequirementState.Met, $"{server.Shown} takes the access key of {server.Key.Shown}, and lists {count} buckets."),
            ];
        }
        catch (ProviderException refused) when (refused.Error == ErrorClass.Unauthorized)
        {
            return
            [
                new(S3Sheet.Server, RequirementState.Met, $"{server.Shown} answers."),
                new(S3Sheet.Key, RequirementState.Unknown, $"{server.Shown} does not let the access key list buckets (s3:ListAllMyBuckets), which is the only question that changes nothing."),
            ];
        }
        catch (ProviderException refused) when (refused.Error == ErrorClass.Unauthenticated)
        {
            return
            [
                new(S3Sheet.Server, RequirementState.Unknown, "Without its access key it was not asked, or did not answer."),
                new(S3Sheet.Key, RequirementState.Unmet, refused.Message),
            ];
        }
        catch (ProviderException refused)
        {
            return
            [
                new(S3Sheet.Server, RequirementState.Unmet, refused.Message),
                new(S3Sheet.Key, RequirementState.Unknown, "The server did not answer."),
            ];
        }
    }
}
