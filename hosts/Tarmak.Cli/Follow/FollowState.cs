namespace Tarmak.Cli.Follow;

/// <summary>
/// Everything a follower knows: the resources as last told, and how long each has been in the way. It decides, and
/// neither waits nor prints.
/// </summary>
internal sealed class FollowState
{
    /// <summary>How long a resource may be Blocked before following ends: long enough for what mends itself.</summary>
    public static readonly TimeSpan BlockedPatience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<(string Kind, string Key), Resource> _resources = [];
    private readonly Dictionary<(string Kind, string Key), DateTimeOffset> _blockedSince = [];
    private readonly HashSet<string> _environments;
    private readonly HashSet<string> _caughtUp = [];

    /// <summary>Begins with nothing known.</summary>
    /// <param name="targets">What is waited for.</param>
    /// <param name="goal">Until when.</param>
    public FollowState(IReadOnlyList<FollowTarget> targets, FollowGoal goal)
    {
        Targets = targets;
        Goal = goal;
        _environments = [.. targets.Select(t => ResourceKeys.Environment(t.Key))];
    }

    /// <summary>What is waited for.</summary>
    public IReadOnlyList<FollowTarget> Targets { get; }

    /// <summary>Until when.</summary>
    public FollowGoal Goal { get; }

    /// <summary>The environments whose inventory has to be watched.</summary>
    public IReadOnlyCollection<string> Environments => _environments;

    /// <summary>The resources that matter to the targets, ordered by key.</summary>
    public IEnumerable<Resource> Relevant =>
        _resources.Values.Where(IsRelevant).OrderBy(r => r.Key, StringComparer.Ordinal);

    /// <summary>Takes one answer of the watch.</summary>
    /// <param name="environment">The environment watched.</param>
    /// <param name="change">The answer.</param>
    /// <param name="now">Now.</param>
    /// <returns>The resource when it matters and says something new.</returns>
    public Resource? Observe(string environment, WatchResponse change, DateTimeOffset now)
    {
        if (change.CaughtUp)
        {
            _caughtUp.Add(environment);
        }

        if (change.Resource is not { } resource)
        {
            return null;
        }

        var id = (Kinds.Singular(resource.Kind) ?? resource.Kind, resource.Key);
        var before = _resources.GetValueOrDefault(id);
        if (change.Deleted || resource.Phase == Phases.Deleted)
        {
            resource = resource.Clone();
            resource.Phase = Phases.Deleted;
            _resources.Remove(id);
            _blockedSince.Remove(id);
            return before is not null && IsRelevant(resource) ? resource : null;
        }

        _resources[id] = resource;
        if (resource.Phase != Phases.Blocked)
        {
            _blockedSince.Remove(id);
        }
        else
        {
            _blockedSince.TryAdd(id, now);
        }

        var same = before is not null && before.Phase == resource.Phase && before.Reason == resource.Reason && before.Message == resource.Message;
        return same || !IsRelevant(resource) ? null : resource;
    }

    /// <summary>Decides whether it goes on.</summary>
    /// <param name="now">Now.</param>
    public FollowVerdict Decide(DateTimeOffset now)
    {
        if (!_environments.All(_caughtUp.Contains))
        {
            return FollowVerdict.Following;
        }

        if (Targets.All(Goal == FollowGoal.Ready ? IsReady : IsGone))
        {
            return FollowVerdict.Reached;
        }

        var blocked = BlockedLeaves().ToList();
        return blocked.Exists(b => now - b.Since >= BlockedPatience)
            ? new FollowVerdict(FollowVerdictKind.Blocked, [.. blocked.Select(b => Sentence(b.Resource))])
            : FollowVerdict.Following;
    }

    /// <summary>What stands between now and the goal, as sentences: the deepest resources that are not ready.</summary>
    public IReadOnlyList<string> Waiting()
    {
        var open = Relevant.Where(r => r.Phase != Phases.Ready && r.Phase != Phases.Pending).ToList();
        return [.. open
            .Where(r => !open.Exists(o => o.Key != r.Key && ResourceKeys.IsUnder(o.Key, r.Key)))
            .Select(Sentence)];
    }

    private static string Sentence(Resource resource)
    {
        var message = Output.PlainText.Of(resource.Message);
        return message.Length > 0
            ? $"{ResourceKeys.Shown(resource.Key)}: {message}"
            : $"{ResourceKeys.Shown(resource.Key)} is {resource.Phase}.";
    }

    private IEnumerable<(Resource Resource, DateTimeOffset Since)> BlockedLeaves() =>
        _blockedSince
            .Where(b => IsRelevant(_resources[b.Key]))
            .Where(b => !_blockedSince.Keys.Any(o => o.Key != b.Key.Key && ResourceKeys.IsUnder(o.Key, b.Key.Key)))
            .OrderBy(b => b.Key.Key, StringComparer.Ordinal)
            .Select(b => (_resources[b.Key], b.Value));

    private bool IsGone(FollowTarget target) => !_resources.ContainsKey((target.Kind, target.Key));

    private bool IsReady(FollowTarget target)
    {
        if (_resources.GetValueOrDefault((target.Kind, target.Key)) is not { } resource || resource.Generation < target.Generation)
        {
            return false;
        }

        // What is paused puts no generation into force; that its manifest says so is all there is to reach.
        if (resource.Phase == Phases.Paused)
        {
            return true;
        }

        var inForce = resource.ObservedGeneration >= target.Generation;
        if (resource.Phase == Phases.Ready && inForce)
        {
            return true;
        }

        // An environment is also busy with clusters nobody asked about here, and never done with one that is paused;
        // its own objects are what counts then.
        var clusters = _resources.Values.Where(r => Kinds.Singular(r.Kind) == "cluster" && ResourceKeys.Environment(r.Key) == target.Key).ToList();
        return target.Kind == "environment"
            && (clusters.Exists(IsPausedTarget) || (inForce && clusters.Exists(c => c.Phase != Phases.Ready && !IsTarget(c))))
            && _resources.Values.Where(r => r.Key.StartsWith(target.Key + "#", StringComparison.Ordinal)).All(r => r.Phase == Phases.Ready);
    }

    private bool IsPausedTarget(Resource resource) => resource.Phase == Phases.Paused && IsTarget(resource);

    private bool IsTarget(Resource resource) => Targets.Any(t => t.Kind == (Kinds.Singular(resource.Kind) ?? resource.Kind) && t.Key == resource.Key);

    private bool IsRelevant(Resource resource) =>
        Goal == FollowGoal.Gone
            ? Targets.Any(t => ResourceKeys.IsUnder(resource.Key, t.Key))
            : Targets.Any(t => t.Kind == "cluster" && ResourceKeys.IsUnder(resource.Key, t.Key))
                || (_environments.Contains(resource.Key) && Kinds.Singular(resource.Kind) == "environment")
                || _environments.Any(e => resource.Key.StartsWith(e + "#", StringComparison.Ordinal));
}
