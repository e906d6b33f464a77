namespace Tarmak.Model.Resources;

/// <summary>A load balancer with one TCP listener.</summary>
/// <param name="EdgeId">The edge that carries it, where the provider balances on the edge.</param>
/// <param name="NetworkId">The network its targets are in.</param>
/// <param name="Health">How a target's health is checked.</param>
/// <param name="Port">Wanted port on the outer side; null lets the provider choose and record one.</param>
/// <param name="IdleSeconds">Idle timeout of a connection, in seconds.</param>
public sealed record LoadBalancerSpec(string? EdgeId, string NetworkId, HealthCheck Health, int? Port, int IdleSeconds);

/// <summary>A health check of a load balancer.</summary>
/// <param name="Protocol">tcp, tls, http or https.</param>
/// <param name="Path">Path asked for by http and https checks.</param>
/// <param name="IntervalSeconds">Time between checks, in seconds.</param>
/// <param name="TimeoutSeconds">Time after which one check failed, in seconds.</param>
/// <param name="Rise">Successes in a row that make a target healthy.</param>
/// <param name="Fall">Failures in a row that make it unhealthy.</param>
public sealed record HealthCheck(string Protocol, string? Path, int IntervalSeconds, int TimeoutSeconds, int Rise, int Fall);

/// <summary>The balancer's endpoint: an address or a host name, and the port.</summary>
/// <param name="LoadBalancerId">The provider's id.</param>
/// <param name="Host">Address or host name clients use.</param>
/// <param name="Port">Port clients use.</param>
public sealed record LoadBalancerOutputs(string LoadBalancerId, string Host, int Port);

/// <summary>One target of a balancer.</summary>
/// <param name="LoadBalancerId">The balancer.</param>
/// <param name="Address">The target's address.</param>
/// <param name="Port">The target's port.</param>
public sealed record LoadBalancerTargetSpec(string LoadBalancerId, string Address, int Port);

/// <summary>The target.</summary>
/// <param name="TargetId">The provider's id.</param>
public sealed record LoadBalancerTargetOutputs(string TargetId);
