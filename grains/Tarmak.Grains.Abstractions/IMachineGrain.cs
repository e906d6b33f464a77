using Orleans.Concurrency;

namespace Tarmak.Grains.Abstractions;

/// <summary>What every machine's grain understands. Its key is the machine's key.</summary>
public interface IMachineGrain : IGrainWithStringKey
{
    /// <summary>The owner's wish; idempotent by uid and generation.</summary>
    /// <param name="message">The wish.</param>
    /// <returns>The machine's status after accepting it.</returns>
    [Alias("apply")]
    Task<StatusMessage> ApplyAsync(ApplyMessage message);

    /// <summary>The owner wants the machine gone; idempotent.</summary>
    /// <param name="uid">The identity meant.</param>
    /// <param name="birth">Place of the identity in the line of all that its owner ever gave; a late copy is told by it.</param>
    /// <param name="dataLossConsent">Whether data may go with it.</param>
    /// <param name="traceParent">W3C trace context of the command, where there is one.</param>
    /// <returns>The machine's status after accepting it.</returns>
    [Alias("delete")]
    Task<StatusMessage> DeleteAsync(string uid, long birth, bool dataLossConsent, string? traceParent);

    /// <summary>The machine's status, from its snapshot.</summary>
    /// <returns>The status.</returns>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("status")]
    Task<StatusMessage> StatusAsync();

    /// <summary>A child's report. A hint: losing it changes nothing.</summary>
    /// <param name="child">The child's status.</param>
    /// <returns>A task.</returns>
    [OneWay]
    [Alias("report")]
    Task ReportAsync(StatusMessage child);

    /// <summary>The machine's object may differ from what is recorded, or what it waits for may have come. A hint.</summary>
    /// <returns>A task.</returns>
    [OneWay]
    [Alias("nudge")]
    Task NudgeAsync();
}

/// <summary>Grain of a cluster; key <c>environment/cluster</c>.</summary>
[Alias("tarmak.cluster")]
public interface IClusterGrain : IMachineGrain;

/// <summary>Grain of an instance pool; key <c>environment/cluster/pool</c>.</summary>
[Alias("tarmak.pool")]
public interface IInstancePoolGrain : IMachineGrain;

/// <summary>Grain of an instance; key <c>environment/cluster/pool/index</c>.</summary>
[Alias("tarmak.instance")]
public interface IInstanceGrain : IMachineGrain;

/// <summary>Grain of one object behind a capability; key <c>owner#kind/name</c>.</summary>
[Alias("tarmak.capability")]
public interface ICapabilityGrain : IMachineGrain;

/// <summary>Grain of an environment; key <c>environment</c>. It is where commands are accepted, durably.</summary>
[Alias("tarmak.environment")]
public interface IEnvironmentGrain : IMachineGrain
{
    /// <summary>Accepts a command or refuses it; a repeated request id gets the first answer again.</summary>
    /// <param name="command">The command.</param>
    /// <returns>What became of it.</returns>
    [Alias("accept")]
    Task<AcceptResult> AcceptAsync(EnvironmentCommand command);
}
