using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Identity;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Model.Serialization;

namespace Tarmak.Grains.Machines;

/// <summary>Grain of one environment: where commands are accepted, durably.</summary>
/// <param name="services">What it works with.</param>
/// <param name="authority">The engine's authority, whose public half every edge and instance is given.</param>
/// <param name="logger">The log.</param>
[GrainType("tarmak.environment")]
public sealed class EnvironmentGrain(MachineServices services, EngineAuthority authority, ILogger<EnvironmentGrain> logger)
    : MachineGrain(services, logger), IEnvironmentGrain
{
    private readonly MachineServices services = services;

    /// <inheritdoc/>
    protected override MachineKind Kind => MachineKind.Environment;

    /// <inheritdoc/>
    protected override bool KeepsReminder => true;

    /// <inheritdoc/>
    public async Task<AcceptResult> AcceptAsync(EnvironmentCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (await services.Answers.FindAsync(command.RequestId, CancellationToken.None) is { } answered)
        {
            return answered.ToResult();
        }

        var alive = State.Uid is not null && State.Phase != Phase.Deleted;
        if (alive && State.Desired!.Deleting && command.Verb != CommandVerb.DeleteEnvironment)
        {
            return Refused($"Environment {this.GetPrimaryKeyString()} is being deleted; wait until it is gone, then apply again.", precondition: true);
        }

        var present = State.Desired is { } last ? DesiredJson.Read<EnvironmentDesired>(last.Spec) : new EnvironmentDesired();
        if (!alive)
        {
            // Versions are not given twice, so that an edit of what was there before is not taken for one of what is there now.
            present = new EnvironmentDesired { Changes = present.Changes };
        }

        return command.Verb == CommandVerb.DeleteEnvironment
            ? await DeleteEnvironmentAsync(alive, present, command)
            : await PutAsync(alive, present, command);
    }

    /// <inheritdoc/>
    protected override IMachineLogic Logic() => new CompositeMachine(new EnvironmentPlanner());

    private async Task<AcceptResult> PutAsync(bool alive, EnvironmentDesired present, EnvironmentCommand command)
    {
        var labels = command.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var annotations = command.Annotations.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var decision = command.Verb switch
        {
            CommandVerb.PutEnvironment => Acceptance.PutEnvironment(
                present, Spec(command, ModelJson.Default.EnvironmentSpec), labels, annotations, command.ResourceVersion),
            CommandVerb.PutCluster => Acceptance.PutCluster(
                present, command.Cluster!, Spec(command, ModelJson.Default.ClusterSpec), labels, annotations,
                command.ResourceVersion, [.. command.DataLossConsent]),
            CommandVerb.DeleteCluster => Acceptance.DeleteCluster(present, command.Cluster!, command.DataLossConsent.Length > 0),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Verb, "Not a command."),
        };
        if (decision.Desired is not { } desired)
        {
            return Refused(decision.Refusal!, decision.Precondition);
        }

        desired = desired with
        {
            AuthorityCertificate = authority.CertificatePem,
            AuthorityPin = authority.Pin,
            AuthorizedKeys = command.AuthorizedKeys.Length > 0 ? [.. command.AuthorizedKeys] : desired.AuthorizedKeys,
        };

        // What the engine adds may have changed where the manifest did not: an operator's key, say.
        var spec = DesiredJson.Write(desired);
        var changes = decision.Action != "absent" && (!alive || spec != DesiredJson.Write(present));
        var answered = Answered(command, changes && decision.Action == "unchanged" ? "changed" : decision.Action, decision.Generation);
        if (changes)
        {
            await HandleAsync(
                new MachineInput.Apply(alive ? State.Uid! : NewUid(), null, alive ? State.Desired!.Generation + 1 : 1, spec, null, command.TraceParent),
                answered);
        }
        else
        {
            await services.Answers.RememberAsync(answered, CancellationToken.None);
        }

        return answered.ToResult();
    }

    private async Task<AcceptResult> DeleteEnvironmentAsync(bool alive, EnvironmentDesired present, EnvironmentCommand command)
    {
        if (!alive)
        {
            var absent = Answered(command, "absent", 0);
            await services.Answers.RememberAsync(absent, CancellationToken.None);
            return absent.ToResult();
        }

        if (!present.Clusters.IsEmpty)
        {
            var names = string.Join(", ", present.Clusters.Keys.Select(name => $"{this.GetPrimaryKeyString()}/{name}"));
            return Refused($"Environment {this.GetPrimaryKeyString()} still has clusters: {names}; delete them first.", precondition: true);
        }

        var answered = Answered(command, "deleting", present.Environment?.Generation ?? 0);
        await HandleAsync(new MachineInput.Delete(State.Uid!, DataLossConsent: command.DataLossConsent.Length > 0, command.TraceParent), answered);
        return answered.ToResult();
    }

    private static T Spec<T>(EnvironmentCommand command, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(command.Spec ?? "null", type) ?? throw new ArgumentException("The command holds no spec.", nameof(command));

    private static AnsweredRequest Answered(EnvironmentCommand command, string action, long generation) =>
        new() { RequestId = command.RequestId, Action = action, Generation = generation };

    private static AcceptResult Refused(string why, bool precondition) => new() { Refusal = why, Precondition = precondition };
}
