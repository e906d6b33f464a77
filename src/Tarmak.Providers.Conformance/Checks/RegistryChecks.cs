using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of a registry of container images, used by a machine.</summary>
internal static class RegistryChecks
{
    private const int MachineOffset = 24;
    private const int Refused = 3;
    private const string Tag = "one";
    private const string AuthorityFile = "/run/tarmak-registry.pem";

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(
            CapabilityNames.ContainerRegistry, ResourceKinds.RegistryRepository, static p => p.ContainerRegistry?.Repositories, static (scope, t) => SpecAsync(scope, "one", t), IsPlaced),
        new(
            $"{CapabilityNames.ContainerRegistry}/name-that-is-none-is-refused", "A repository whose name is none, or could be taken for a part of a registry's paths, fails as InvalidSpec.", IsPlaced, NamesAsync),
        new(
            $"{CapabilityNames.ContainerRegistry}/machine-uses-what-it-was-granted", "A machine pulls from the repositories it was granted and from no other, pushes only where that was granted, and no longer where a grant was withdrawn.",
            static p => p is { ContainerRegistry: not null, AccessIdentity: not null, Compute: not null, Network: not null, MachineImages: not null } && Senders.AreThere(p), GrantsAsync) { ExcludedBy = WithoutMachines },
    ];

    private static string? WithoutMachines(RequirementSheet sheet) =>
        Places.WithoutMachines(sheet) ?? (sheet.Find(CapabilityNames.AccessIdentity) is null ? "nobody can be granted anything at it" : null);

    private static bool IsPlaced(IProvider provider) => provider is { ContainerRegistry: not null } and ({ Network: not null, MachineImages: not null } or { Compute: null });

    private static string NameOf(CheckScope scope, string part) => RepositoryNames.OfCluster(scope.Name, part);

    private static async Task<RegistryRepositorySpec> SpecAsync(CheckScope scope, string part, CancellationToken cancellationToken) => new(
        NameOf(scope, part), scope.Provider.Compute is null ? null : (await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId);

    private static Specimen<RegistryRepositorySpec> Of(CheckScope scope, RegistryRepositorySpec spec, string? part = null) =>
        new(scope, scope.Provider.ContainerRegistry!.Repositories, ResourceKinds.RegistryRepository, spec, part);

    private static async Task NamesAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "", "a//b", "A", "../a", "a/b/c", "a b", RepositoryNames.OfCluster(scope.Name, RepositoryNames.Reserved[0]) })
        {
            var one = Of(scope, await SpecAsync(scope, "one", cancellationToken).ConfigureAwait(false) with { Repository = name });
            var outcome = await one.EnsureOutcomeAsync(one.Call, cancellationToken).ConfigureAwait(false);
            Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.InvalidSpec }, $"Ensuring a repository named '{name}' ended as {outcome}.");
        }
    }

    private static async Task GrantsAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var attachment = new Specimen<EdgeAttachmentSpec>(
            scope, scope.Provider.Network!.EdgeAttachments, ResourceKinds.EdgeAttachment, await NetworkChecks.AttachmentAsync(scope, cancellationToken).ConfigureAwait(false));
        await attachment.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var own = await MadeAsync(scope, "own", cancellationToken).ConfigureAwait(false);
        var other = await MadeAsync(scope, "other", cancellationToken).ConfigureAwait(false);
        var spec = await AccessIdentityChecks.SpecAsync(scope, cancellationToken).ConfigureAwait(false);
        var identity = new Specimen<AccessIdentitySpec>(scope, scope.Provider.AccessIdentity!.Identities, ResourceKinds.AccessIdentity, spec);
        var first = await identity.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var machine = await MachineAsync(scope, spec.InstanceUid, ResourceJson.Read<AccessIdentityOutputs>(first.Outputs!), own, cancellationToken).ConfigureAwait(false);

        await ExpectAsync("pull", own, isAllowed: false, "that was not granted anything").ConfigureAwait(false);
        await GrantedAsync(own, GrantVerbs.Pull, GrantVerbs.Push).ConfigureAwait(false);
        var pushed = await ExpectAsync("push", own, isAllowed: true, "that was granted it").ConfigureAwait(false);
        Expect.That(await ExpectAsync("pull", own, isAllowed: true, "that was granted it").ConfigureAwait(false) == pushed, "What was pulled is not what was pushed.");
        await ExpectAsync("pull", other, isAllowed: false, "that was granted another").ConfigureAwait(false);
        await ExpectAsync("push", other, isAllowed: false, "that was granted another").ConfigureAwait(false);
        await GrantedAsync(own, GrantVerbs.Pull).ConfigureAwait(false);
        await ExpectAsync("pull", own, isAllowed: true, "that was granted it").ConfigureAwait(false);
        await ExpectAsync("push", own, isAllowed: false, "that may only pull").ConfigureAwait(false);
        await GrantedAsync(own).ConfigureAwait(false);
        await ExpectAsync("pull", own, isAllowed: false, "whose grant was withdrawn").ConfigureAwait(false);

        async Task GrantedAsync(RegistryRepositoryOutputs repository, params string[] verbs)
        {
            ImmutableArray<InstanceGrant> grants = verbs.Length == 0 ? [] : [new InstanceGrant(GrantPaths.Repository(repository.Repository), [.. verbs])];
            var changed = identity.With(spec with { Grants = grants });
            var outcome = await changed.EnsureOutcomeAsync(changed.Call with { ObjectId = first.ObjectId }, cancellationToken).ConfigureAwait(false);
            Expect.That(outcome is StepOutcome.Succeeded, $"Changing what identity {first.ObjectId} was granted ended as {outcome}.");
            await changed.SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task<string> ExpectAsync(string verb, RegistryRepositoryOutputs repository, bool isAllowed, string whom)
        {
            var (code, said) = await UseAsync(scope, machine, verb, repository, cancellationToken).ConfigureAwait(false);
            Expect.That(
                isAllowed ? code == 0 : code == Refused,
                $"A machine {whom} may {(isAllowed ? "" : "not ")}{verb}, and what it did ended with exit code {code} (0 is done, {Refused} refused): {said}");
            return said;
        }
    }

    private static async Task<RegistryRepositoryOutputs> MadeAsync(CheckScope scope, string part, CancellationToken cancellationToken)
    {
        var one = Of(scope, await SpecAsync(scope, part, cancellationToken).ConfigureAwait(false), part);
        return ResourceJson.Read<RegistryRepositoryOutputs>((await one.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
    }

    /// <summary>A machine with what an engine would have brought, where it runs: a certificate for a key it made itself, and the registry's authority.</summary>
    private static async Task<string> MachineAsync(
        CheckScope scope, string uid, AccessIdentityOutputs identity, RegistryRepositoryOutputs registry, CancellationToken cancellationToken)
    {
        var spec = await ComputeChecks.MachineAsync(scope, MachineOffset, cancellationToken).ConfigureAwait(false);
        var machine = new Specimen<MachineSpec>(scope, scope.Provider.Compute!.Machines, ResourceKinds.Machine, spec with { IdentityId = identity.MachineIdentity });
        var id = ResourceJson.Read<MachineOutputs>((await machine.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!).MachineId;
        if (scope.Provider.StandIn is not null)
        {
            return id;
        }

        var request = await RunAsync("request", "umask 077; mkdir -p /var/lib/tarmak/agent; cd /var/lib/tarmak/agent; openssl ecparam -name prime256v1 -genkey -noout -out agent.key; openssl req -new -key agent.key -subj /CN=anything").ConfigureAwait(false);
        await RunAsync("certificate", "printf %s \"$1\" | base64 -d > /var/lib/tarmak/agent/agent.crt", Text(scope.Place!.Sign(request, uid))).ConfigureAwait(false);
        if (registry.AuthorityCertificate is { } authority)
        {
            await RunAsync("authority", $"printf %s \"$1\" | base64 -d > {AuthorityFile}", Text(authority)).ConfigureAwait(false);
        }

        return id;

        Task<string> RunAsync(string what, string script, params string[] arguments) =>
            scope.Provider.Access!.RunAsync(id, ["/bin/sh", "-c", script, what, .. arguments], cancellationToken);
    }

    private static string Text(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    private static async Task<(int Code, string Said)> UseAsync(
        CheckScope scope, string machine, string verb, RegistryRepositoryOutputs repository, CancellationToken cancellationToken)
    {
        if (scope.Provider.StandIn is { } standIn)
        {
            return await standIn.UseRepositoryAsync(machine, verb, repository.Repository, Tag, cancellationToken).ConfigureAwait(false) is { } digest ? (0, digest) : (Refused, "it was refused");
        }

        var network = await scope.Place!.InnerAsync(cancellationToken).ConfigureAwait(false);
        var host = repository.Host ?? Cidr.Parse(network.Cidr).Host(AddressPlan.EdgeOffset).ToString();
        var said = await scope.Provider.Access!.RunAsync(
            machine,
            [
                "/bin/sh", "-c", "code=0; \"$@\" 2>&1 || code=$?; echo \"exit $code\"", "use",
                "/bin/sh", IContainerRegistry.Program, string.Create(CultureInfo.InvariantCulture, $"{host}:{repository.Port}"), repository.AuthorityCertificate is null ? "-" : AuthorityFile,
                verb, repository.Repository, Tag, .. verb == "push" ? ["/etc/os-release"] : Array.Empty<string>(),
            ],
            cancellationToken).ConfigureAwait(false);
        var lines = said.Trim().Split('\n');
        return (int.Parse(lines[^1].Split(' ')[^1], CultureInfo.InvariantCulture), string.Join(' ', lines[..^1]));
    }
}
