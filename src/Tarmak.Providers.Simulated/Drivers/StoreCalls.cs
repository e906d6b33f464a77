using Tarmak.Machines.Steps;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Drivers;

/// <summary>Calls of the stores, whose refusals are the contract's exceptions.</summary>
/// <param name="cloud">The cloud.</param>
/// <param name="profile">What sort it is.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreCalls(ICloud cloud, CloudProfile profile, TimeProvider time)
{
    /// <summary>Makes a call within the deadline.</summary>
    /// <exception cref="ProviderException">It was refused, or not answered.</exception>
    public async Task<CloudReply> AskAsync(CloudRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(profile.CallDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await cloud.AskAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            throw new ProviderException(refused.Error, refused.Message, refused);
        }
        catch (NoAnswerException lost)
        {
            throw new ProviderException(ErrorClass.Transient, $"{lost.Message} It may have been done.", lost);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ErrorClass.Transient, $"{request.Shown}: no answer came within {profile.CallDeadline.TotalSeconds:0} s.");
        }
    }
}
