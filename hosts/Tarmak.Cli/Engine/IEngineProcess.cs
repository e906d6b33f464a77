namespace Tarmak.Cli.Engine;

/// <summary>The embedded engine as a process of this machine.</summary>
internal interface IEngineProcess
{
    /// <summary>The process id of the engine that serves this home; null when none does.</summary>
    int? RunningPid();

    /// <summary>Starts the engine detached, unless one runs, and waits until it answers.</summary>
    /// <param name="cancellationToken">Ends the wait, not the engine.</param>
    Task<EngineStart> StartAsync(CancellationToken cancellationToken);

    /// <summary>Plans without an engine, from what the last one recorded. Nothing is started that stays, and nothing changes.</summary>
    /// <param name="request">The manifests.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Grpc.Core.RpcException">The manifests are refused.</exception>
    Task<PlanResponse> PlanAsync(PlanRequest request, CancellationToken cancellationToken);

    /// <summary>Rebuilds environments from their exports into this home, in which no engine runs. Nothing is started that stays.</summary>
    /// <param name="request">Which, and from where.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RecoverResponse> RecoverAsync(RecoverRequest request, CancellationToken cancellationToken);

    /// <summary>Asks the engine to end and waits until it has.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when none ran.</returns>
    Task<bool> StopAsync(CancellationToken cancellationToken);
}
