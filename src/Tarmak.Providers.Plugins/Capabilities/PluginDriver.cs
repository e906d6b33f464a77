using Google.Protobuf;
using Grpc.Core;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Calls;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>Drives one kind of object by a plugin.</summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <typeparam name="TOutputs">The kind's outputs.</typeparam>
/// <param name="account">The account.</param>
/// <param name="kind">What is declared about the kind.</param>
/// <param name="firstBoot">Gives the one-time secret of what is being made; null where the kind has none.</param>
internal sealed class PluginDriver<TSpec, TOutputs>(
    PluginAccount account, PluginKind kind, Func<ResourceCall, TSpec, CancellationToken, Task<string>>? firstBoot = null) : IResourceDriver<TSpec>
    where TSpec : class
    where TOutputs : class
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    private readonly PluginCalls calls = account.Calls;

    /// <inheritdoc/>
    public ResourceTraits Traits => kind.Traits;

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        StepAsync("Resources.Observe", call, Request(call, spec), (client, request, options) => client.ObserveAsync(request, options), cancellationToken);

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        var request = Request(call, spec);
        if (firstBoot is not null)
        {
            try
            {
                request.FirstBootSecret = ByteString.CopyFromUtf8(await firstBoot(call, spec, cancellationToken).ConfigureAwait(false));
            }
            catch (ProviderException refused)
            {
                return new StepOutcome.Failed(refused.Error, refused.Message);
            }
        }

        return await StepAsync("Resources.Ensure", call, request, (client, r, options) => client.EnsureAsync(r, options), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        const string Method = "Resources.Delete";
        var outcome = await StepAsync(Method, call, Request(call, spec), (client, request, options) => client.DeleteAsync(request, options), cancellationToken).ConfigureAwait(false);
        return outcome is StepOutcome.Succeeded { Observation.Exists: true } ? Broken(Method, call, "success, and with an object that is still there") : outcome;
    }

    private V1.StepRequest Request(ResourceCall call, TSpec spec) => new()
    {
        Account = account.Message,
        Kind = Traits.Kind,
        Marks = new V1.Marks
        {
            Installation = call.Marks.Installation,
            Environment = call.Marks.Environment,
            Cluster = call.Marks.Cluster ?? "",
            Uid = call.Marks.Uid,
            Owner = call.Marks.Owner,
        },
        Name = call.Name,
        Incarnation = call.Incarnation,
        Token = call.Token,
        ObjectId = call.ObjectId ?? "",
        Handle = call.Handle ?? "",
        Spec = ResourceJson.Write(spec),
    };

    private async Task<StepOutcome> StepAsync(
        string method, ResourceCall call, V1.StepRequest request,
        Func<V1.Resources.ResourcesClient, V1.StepRequest, CallOptions, AsyncUnaryCall<V1.StepResponse>> send, CancellationToken cancellationToken)
    {
        V1.StepResponse answer;
        try
        {
            answer = await calls.SendAsync(
                method, call.Name, Traits.CallDeadline, (i, o) => send(new V1.Resources.ResourcesClient(i), request, o), cancellationToken).ConfigureAwait(false);
        }
        catch (LostCallException lost)
        {
            return new StepOutcome.Unknown(lost.Message);
        }
        catch (ProviderException refused)
        {
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }

        switch (answer.OutcomeCase)
        {
            case V1.StepResponse.OutcomeOneofCase.Refusal:
                var refusal = Refusals.Of(calls, answer.Refusal, method, call.Name, request.FirstBootSecret.Span);
                return new StepOutcome.Failed(refusal.Error, refusal.Message);
            case V1.StepResponse.OutcomeOneofCase.Unknown:
                return new StepOutcome.Unknown(Said(answer.Unknown.Reason, $"Plugin {calls.Type} does not know what became of {method} of {call.Name}."));
            case V1.StepResponse.OutcomeOneofCase.InProgress when Untrusted.IsName(answer.InProgress.Handle):
                var after = TimeSpan.FromMilliseconds(answer.InProgress.PollAfterMilliseconds);
                return new StepOutcome.InProgress(
                    answer.InProgress.Handle, after < ShortestPoll ? ShortestPoll : after > LongestPoll ? LongestPoll : after,
                    Said(answer.InProgress.Detail, $"Plugin {calls.Type} is at work on {call.Name}."));
            case V1.StepResponse.OutcomeOneofCase.InProgress:
                return Broken(method, call, "a handle that is none");
            case V1.StepResponse.OutcomeOneofCase.Succeeded:
                return Seen(method, call, answer.Succeeded);
            default:
                return Broken(method, call, "an outcome that is none");
        }
    }

    private StepOutcome Seen(string method, ResourceCall call, V1.Observation seen)
    {
        if (!seen.Exists)
        {
            return seen.ObjectId.Length == 0 && seen.Outputs.Length == 0 && method != "Resources.Ensure"
                ? new StepOutcome.Succeeded(Observation.Absent)
                : Broken(method, call, "an object that is not there and yet made, or has an id or outputs");
        }

        if (!Untrusted.IsName(seen.ObjectId))
        {
            return Broken(method, call, "an object id that is none");
        }

        return Outputs.Read<TOutputs>(seen.Outputs) is not { } outputs ? Broken(method, call, $"outputs that are not those of a {Traits.Kind}")
            : seen.InSync ? new StepOutcome.Succeeded(Observation.Present(seen.ObjectId, outputs))
            : new StepOutcome.Succeeded(Observation.Drifted(seen.ObjectId, outputs, Said(seen.Detail, "It is not as declared.")));
    }

    private StepOutcome.Failed Broken(string method, ResourceCall call, string what) => new(ErrorClass.Terminal, calls.Garbage(method, call.Name, what).Message);

    private static string Said(string text, string otherwise) => Untrusted.Sentence(text) is { Length: > 0 } said ? said : otherwise;
}
