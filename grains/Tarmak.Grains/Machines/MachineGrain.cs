using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Budgets;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Providers;

namespace Tarmak.Grains.Machines;

/// <summary>
/// The Orleans host of a machine: loads and commits its state, runs its calls in the background, wakes it. It
/// decides nothing.
/// </summary>
/// <param name="services">What it works with.</param>
/// <param name="logger">The log.</param>
public abstract partial class MachineGrain(MachineServices services, ILogger logger) : Grain, IMachineGrain, IMachineHost, IRemindable, IDisposable
{
    private const string WakeReminder = "wake";

    private static readonly TimeSpan ChildDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private MachineRuntime? runtime;
    private string? etag;
    private IGrainTimer? timer;
    private bool reminded;
    private bool reminderFails;
    private AnsweredRequest? answering;
    private long decidedAt;
    private CallLease? held;
    private CallLease? admitted;
    private CallAsk? waitsFor;
    private CancellationTokenSource? wait;

    /// <summary>Kind of this machine.</summary>
    protected abstract MachineKind Kind { get; }

    /// <summary>Whether a durable reminder wakes it while it is busy. The roots have one; they wake what is below them.</summary>
    protected virtual bool KeepsReminder => false;

    /// <summary>The committed state.</summary>
    protected MachineState State => Runtime.State;

    private MachineAddress Address => new(Kind, this.GetPrimaryKeyString());

    private MachineRuntime Runtime => runtime ?? throw new InvalidOperationException($"{Address} is not active.");

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stored = await services.Store.ReadAsync(Address, cancellationToken);
        etag = stored?.ETag;
        var state = stored?.State ?? new MachineState { Address = Address };
        if (state is { Resource: { } resource, Phase: not Phase.Deleted })
        {
            await PrepareAsync(resource.Provider, cancellationToken);
        }

        runtime = new MachineRuntime(state, Logic(), this, services.Time, Random.Shared.NextDouble, NewUid);
        reminded = KeepsReminder && state.Uid is not null && await this.GetReminder(WakeReminder, cancellationToken) is not null;
        if (state.Uid is not null && state.Phase != Phase.Deleted)
        {
            _ = RunAsync(new MachineInput.Woken());
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        Await(null);
        timer?.Dispose();
    }

    /// <inheritdoc/>
    public async Task<StatusMessage> ApplyAsync(ApplyMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Provider is { } provider)
        {
            await PrepareAsync(provider, stopping.Token);
        }

        var parent = new ParentLink(new MachineAddress(Enum.Parse<MachineKind>(message.ParentKind), message.ParentKey), message.ParentUid);
        return await HandleAsync(new MachineInput.Apply(message.Uid, parent, message.Generation, message.Spec, message.Provider, message.TraceParent)
        {
            Birth = message.Birth,
            Heard = message.Heard,
        });
    }

    /// <inheritdoc/>
    public Task<StatusMessage> DeleteAsync(string uid, long birth, bool dataLossConsent, string? traceParent) =>
        HandleAsync(new MachineInput.Delete(uid, dataLossConsent, traceParent) { Birth = birth });

    /// <inheritdoc/>
    public Task<StatusMessage> StatusAsync() => Task.FromResult(StatusJson.Pack(State.ToStatus()));

    /// <inheritdoc/>
    public Task ReportAsync(StatusMessage child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return HandleAsync(new MachineInput.ChildReported(StatusJson.Unpack(child)));
    }

    /// <inheritdoc/>
    public Task NudgeAsync() => HandleAsync(new MachineInput.Nudged());

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => HandleAsync(new MachineInput.Woken());

    /// <inheritdoc/>
    public async Task CommitAsync(MachineState state, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        etag = await services.Store.WriteAsync(state, etag, events, answering, cancellationToken);
        answering = null;
        services.Instruments.Committed(state, Runtime.State);
        foreach (var happened in events)
        {
            LogEvent(Address.Key, state.Phase, happened.Reason, happened.Message, happened.Warning ? LogLevel.Warning : LogLevel.Information);
        }
    }

    /// <inheritdoc/>
    public void Start(Effect effect)
    {
        DelayDeactivation(TimeSpan.FromMinutes(5));
        var lease = admitted;
        admitted = null;
        _ = effect switch
        {
            Effect.Drive drive => DriveAsync(drive.Call, lease),
            Effect.TellChildren tell => TellAsync(tell),
            _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "Not an effect."),
        };
    }

    /// <inheritdoc/>
    public void Report(ParentLink parent, ChildStatus status)
    {
        ArgumentNullException.ThrowIfNull(parent);
        _ = ReportToAsync(parent, StatusJson.Pack(status));
    }

    /// <inheritdoc/>
    public void WakeAt(DateTimeOffset? at)
    {
        timer?.Dispose();
        timer = null;
        if (at is { } when)
        {
            var due = when - services.Time.GetUtcNow();
            timer = this.RegisterGrainTimer(
                static (grain, _) => grain.RunAsync(new MachineInput.Woken()),
                this,
                new GrainTimerCreationOptions(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
    }

    /// <inheritdoc/>
    public bool Admit(CallAsk ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (held is { } lease && lease.Ask.Serves(ask) && services.Budgets.IsFresh(lease))
        {
            (held, admitted) = (null, lease);
            return true;
        }

        return (admitted = services.Budgets.TryTake(ask)) is not null;
    }

    /// <inheritdoc/>
    public void Await(CallAsk? ask)
    {
        if (waitsFor == ask)
        {
            return;
        }

        wait?.Cancel();
        wait?.Dispose();
        (waitsFor, wait) = (ask, null);
        if (ask is not null)
        {
            DelayDeactivation(TimeSpan.FromMinutes(5));
            wait = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            _ = AwaitAsync(ask, wait.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the grain holds.</summary>
    /// <param name="disposing">Whether it is disposed of, rather than finalised.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            timer?.Dispose();
            wait?.Dispose();
            stopping.Dispose();
            turn.Dispose();
        }
    }

    /// <summary>This kind's decisions.</summary>
    /// <returns>The logic.</returns>
    protected abstract IMachineLogic Logic();

    /// <summary>Makes an identity.</summary>
    /// <returns>The identity.</returns>
    protected static string NewUid() => Guid.CreateVersion7().ToString("N");

    /// <summary>Handles an input in turn; the answer follows the commit.</summary>
    /// <param name="input">The input.</param>
    /// <param name="answered">The answer to the command that the input is, remembered in the same transaction.</param>
    /// <returns>The status afterwards.</returns>
    protected async Task<StatusMessage> HandleAsync(MachineInput input, AnsweredRequest? answered = null)
    {
        await turn.WaitAsync(stopping.Token);
        try
        {
            decidedAt = services.Time.GetTimestamp();
            answering = answered;
            var status = await Runtime.HandleAsync(input, stopping.Token);
            if (answering is { } unwritten)
            {
                // It changed nothing, so nothing was committed.
                await services.Answers.RememberAsync(unwritten, stopping.Token);
            }

            await KeepReminderAsync();
            return StatusJson.Pack(status);
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // What is in memory may no longer be what is stored. The next activation loads the stored state, and
            // resolves the intent it finds there.
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            answering = null;
            turn.Release();
        }
    }

    private async Task PrepareAsync(string provider, CancellationToken cancellationToken)
    {
        try
        {
            await services.Drivers.PrepareAsync(provider, cancellationToken);
        }
        catch (ProviderException refused)
        {
            // The next step meets the same and blocks the machine with this sentence, where its owner sees it.
            LogProviderClosed(Address.Key, refused.Message);
        }
    }

    private async Task RunAsync(MachineInput input)
    {
        try
        {
            await HandleAsync(input);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The boundary of the background loop: nobody awaits it. The grain deactivates and its state is loaded again.
            if (!stopping.IsCancellationRequested && StorageException.Behind(failure) is null)
            {
                // What the database fails at, it fails at for all machines; the store tells it once.
                LogLoopFailed(Address.Key, failure);
            }
        }
    }

    /// <summary>In the background, on this grain's scheduler: the turn that asked is over long since.</summary>
    private async Task AwaitAsync(CallAsk ask, CancellationToken cancellationToken)
    {
        CallLease lease;
        try
        {
            lease = await services.Budgets.LeaseAsync(ask, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (waitsFor == ask && !cancellationToken.IsCancellationRequested)
        {
            (waitsFor, held) = (null, lease);
            await RunAsync(new MachineInput.Admitted());
            if (!ReferenceEquals(held, lease))
            {
                return;
            }

            held = null;
        }

        // It was not wanted any more, or came to be used too late.
        services.Budgets.End(lease, CallEnd.NotSent);
    }

    private async Task DriveAsync(StepCall call, CallLease? lease)
    {
        StepOutcome outcome;
        var (decided, begun) = (decidedAt, services.Time.GetTimestamp());
        using (var span = services.Instruments.StartStep(call))
        {
            outcome = await Task.Run(() => services.Budgets.RunAsync(lease, () => services.Drivers.RunAsync(call, IsLate, stopping.Token)));
            services.Instruments.EndStep(span, call, outcome, services.Time.GetElapsedTime(begun));
        }

        if (!stopping.IsCancellationRequested)
        {
            await RunAsync(new MachineInput.StepEnded(call, outcome));
        }

        // Asked just before sending, on the monotonic clock: a process that was stopped in between sends nothing late.
        bool IsLate() => services.Time.GetElapsedTime(decided) > ResourceMachine.StartDeadline;
    }

    private async Task TellAsync(Effect.TellChildren tell)
    {
        var answers = await Task.WhenAll(tell.Commands.Select(TellAsync));
        await RunAsync(new MachineInput.ChildrenAnswered(tell.CallId, [.. answers.OfType<ChildStatus>()]));
    }

    private async Task<ChildStatus?> TellAsync(ChildCommand command)
    {
        try
        {
            var child = GrainFactory.Machine(command.Child);
            var answer = command.Input switch
            {
                MachineInput.Apply apply => child.ApplyAsync(new ApplyMessage
                {
                    Uid = apply.Uid,
                    ParentKind = Kind.ToString(),
                    ParentKey = Address.Key,
                    ParentUid = apply.Parent!.Uid,
                    Generation = apply.Generation,
                    Spec = apply.Spec,
                    Provider = apply.Provider,
                    TraceParent = apply.TraceParent,
                    Birth = apply.Birth,
                    Heard = apply.Heard,
                }),
                MachineInput.Delete delete => child.DeleteAsync(delete.Uid, delete.Birth, delete.DataLossConsent, delete.TraceParent),
                _ => child.StatusAsync(),
            };
            return StatusJson.Unpack(await answer.WaitAsync(ChildDeadline, stopping.Token));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A child that does not answer is asked again at the next heartbeat; the message is safe to repeat.
            if (StorageException.Behind(failure) is null)
            {
                LogChildSilent(Address.Key, command.Child.Key, failure.Message);
            }

            return null;
        }
    }

    private async Task ReportToAsync(ParentLink parent, StatusMessage status)
    {
        try
        {
            await GrainFactory.Machine(parent.Address).ReportAsync(status);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A report is a hint; the parent's heartbeat repairs a lost one.
            LogReportLost(Address.Key, parent.Address.Key, failure.Message);
        }
    }

    private async Task KeepReminderAsync()
    {
        if (!KeepsReminder)
        {
            return;
        }

        var busy = !State.AtRest && State.Phase != Phase.Paused;
        try
        {
            if (busy && !reminded)
            {
                await this.RegisterOrUpdateReminder(WakeReminder, ReminderPeriod, ReminderPeriod);
                reminded = true;
            }
            else if (!busy && reminded && await this.GetReminder(WakeReminder) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
                reminded = false;
            }

            reminderFails = false;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A reminder is a hint: what was committed stands without it, and the next input tries again.
            if (!reminderFails)
            {
                LogReminderFails(Address.Key, failure.Message);
            }

            reminderFails = true;
        }
    }
}
