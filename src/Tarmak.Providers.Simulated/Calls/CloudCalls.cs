using Tarmak.Machines.Steps;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>Calls as drivers make them: a refusal is an exception, and a read without an answer has certainly changed nothing.</summary>
internal static class CloudCalls
{
    public static async Task<CloudReply> AskAsync(this ICloud cloud, CloudRequest request, CancellationToken cancellationToken)
    {
        using var span = ProviderCalls.Start(request.Shown);
        CloudReply reply;
        try
        {
            reply = await cloud.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (NoAnswerException lost)
        {
            ProviderCalls.Fail(span, nameof(StepOutcome.Unknown), lost.Message);
            if (request.HasEffect)
            {
                throw;
            }

            throw new RefusedException(new CloudRefusal(ErrorClass.Transient, lost.Message, false));
        }

        if (reply.Refusal is { } refusal)
        {
            ProviderCalls.Fail(span, refusal.Error.ToString(), refusal.Message);
            throw new RefusedException(refusal);
        }

        return reply;
    }

    /// <summary>The object described, or null where none shows.</summary>
    public static async Task<CloudObject?> DescribeAsync(this ICloud cloud, CloudRequest request, CancellationToken cancellationToken) =>
        (await cloud.AskAsync(request, cancellationToken).ConfigureAwait(false)).Objects is [var first, ..] ? first : null;
}
