using System.Globalization;
using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tarmak.Providers.Simulated.Scenarios;

/// <summary>Reads scenario files. What is wrong is told in one sentence, with its line.</summary>
internal sealed partial class ScenarioReader
{
    private static readonly TimeSpan MatchDeadline = TimeSpan.FromSeconds(1);
    private readonly string file;

    private ScenarioReader(string file) => this.file = file;

    /// <summary>Reads a scenario.</summary>
    /// <param name="file">Its file.</param>
    /// <returns>The scenario.</returns>
    /// <exception cref="ProviderException">The file cannot be read or is no scenario.</exception>
    public static Scenario ReadFile(string file)
    {
        try
        {
            return Read(file, File.ReadAllText(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"The scenario {file} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads a scenario's text.</summary>
    /// <param name="file">What to call it.</param>
    /// <param name="text">The text.</param>
    /// <returns>The scenario.</returns>
    /// <exception cref="ProviderException">It is no scenario.</exception>
    public static Scenario Read(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException syntax)
        {
            throw Wrong(file, syntax.Start.Line, $"is not valid YAML: {syntax.Message}");
        }

        return stream.Documents switch
        {
            [] => Scenario.Default,
            [var document] => new ScenarioReader(file).Whole(document.RootNode),
            [_, var second, ..] => throw Wrong(file, second.RootNode.Start.Line, "begins a second document; a file holds one scenario"),
        };
    }

    private Scenario Whole(YamlNode root)
    {
        var fields = Fields(root, "a scenario", ["seed", "profile", "visibility", "deadline", "latency", "limits", "quotas", "faults"]);
        var profile = fields.TryGetValue("profile", out var name)
            ? CloudProfiles.Find(Text(name)) ?? throw Wrong(name, $"profile {Text(name)} is not there; take one of {string.Join(", ", CloudProfiles.All.Select(p => p.Name))}")
            : CloudProfiles.Default;
        if (fields.TryGetValue("visibility", out var visibility))
        {
            profile = profile with { VisibilityBound = Duration(visibility) };
        }

        if (fields.TryGetValue("deadline", out var deadline))
        {
            profile = profile with { CallDeadline = Duration(deadline) };
        }

        if (fields.TryGetValue("latency", out var latencies))
        {
            foreach (var (key, value) in Entries(latencies, "latency"))
            {
                profile = profile with { Latencies = profile.Latencies.SetItem(Named<CloudMethod>(key, "method"), LatencyOf(value)) };
            }
        }

        if (fields.TryGetValue("limits", out var limits))
        {
            foreach (var (key, value) in Entries(limits, "limits"))
            {
                var limit = Fields(value, "a limit", ["burst", "perSecond"], ["burst", "perSecond"]);
                profile = profile with
                {
                    WriteLimits = profile.WriteLimits.Remove(Named<ApiFamily>(key, "family")),
                    Limits = profile.Limits.SetItem(Named<ApiFamily>(key, "family"), new CallLimit(Number(limit["burst"], 1, 1e6), Number(limit["perSecond"], 0.001, 1e6))),
                };
            }
        }

        if (fields.TryGetValue("quotas", out var quotas))
        {
            foreach (var (key, value) in Entries(quotas, "quotas"))
            {
                profile = profile with { Quotas = profile.Quotas.SetItem(KindOf(key), (int)Number(value, 0, int.MaxValue)) };
            }
        }

        IReadOnlyList<Fault> faults = fields.TryGetValue("faults", out var placed)
            ? [.. (placed as YamlSequenceNode ?? throw Wrong(placed, "faults are a list; begin each with a dash")).Select(FaultOf)]
            : [];
        return new Scenario(fields.TryGetValue("seed", out var seed) ? (long)Number(seed, 0, int.MaxValue) : 1, profile, faults);
    }

    private Fault FaultOf(YamlNode node)
    {
        var fields = Fields(node, "a fault", ["on", "do"], ["on", "do"]);
        var on = Fields(fields["on"], "on", ["method", "kind", "nameMatches", "nth", "probability"]);
        var (kind, error) = Deed(fields["do"]);
        return new Fault
        {
            Kind = kind,
            Error = error,
            Method = on.TryGetValue("method", out var method) ? Named<CloudMethod>(method, "method") : null,
            Of = on.TryGetValue("kind", out var of) ? KindOf(of) : null,
            NameMatches = on.TryGetValue("nameMatches", out var pattern) ? Pattern(pattern) : null,
            Nth = on.TryGetValue("nth", out var nth) ? (int)Number(nth, 1, int.MaxValue) : null,
            Probability = on.TryGetValue("probability", out var probability) ? Number(probability, 0, 1) : 1,
        };
    }

    private (FaultKind Kind, ErrorClass Error) Deed(YamlNode node)
    {
        const string Deeds = "write fail: with a class of error, loseReply, hang or partial";
        if (node is YamlMappingNode)
        {
            return (FaultKind.Fail, Named<ErrorClass>(Fields(node, "do", ["fail"], ["fail"])["fail"], "class of error"));
        }

        return Text(node) switch
        {
            "loseReply" => (FaultKind.LoseReply, ErrorClass.Transient),
            "hang" => (FaultKind.Hang, ErrorClass.Transient),
            "partial" => (FaultKind.Partial, ErrorClass.Transient),
            var other => throw Wrong(node, $"{other} is nothing a fault can do; {Deeds}"),
        };
    }

    private Latency LatencyOf(YamlNode node)
    {
        var fields = Fields(node, "a latency", ["median", "p99"], ["median", "p99"]);
        var (median, p99) = (Duration(fields["median"]), Duration(fields["p99"]));
        return p99 >= median ? new Latency(median, p99) : throw Wrong(fields["p99"], $"p99 {Text(fields["p99"])} is below the median; it is what one in a hundred takes longer than");
    }

    private Regex Pattern(YamlNode node)
    {
        try
        {
            return new Regex(Text(node), RegexOptions.CultureInvariant, MatchDeadline);
        }
        catch (RegexParseException wrong)
        {
            throw Wrong(node, $"nameMatches is no regular expression: {wrong.Message}");
        }
    }

    private string KindOf(YamlNode node) =>
        Text(node) is var kind && (SimulatedKinds.Find(kind) is not null || kind is CloudRequest.Secrets or CloudRequest.Companions or CloudRequest.Contents)
            ? kind
            : throw Wrong(node, $"{kind} is no kind; take one of {string.Join(", ", SimulatedKinds.All.Select(k => k.Name).Concat([CloudRequest.Secrets, CloudRequest.Companions, CloudRequest.Contents]))}");

    private T Named<T>(YamlNode node, string what)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(node), ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(Text(node)[0])
            ? value
            : throw Wrong(node, $"{Text(node)} is no {what}; take one of {string.Join(", ", Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]))}");

    private double Number(YamlNode node, double least, double most) =>
        double.TryParse(Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(node, string.Create(CultureInfo.InvariantCulture, $"{Text(node)} is no number from {least} to {most}"));

    private TimeSpan Duration(YamlNode node)
    {
        var match = DurationPattern().Match(Text(node));
        return match.Success && double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var number
            ? match.Groups[2].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "s" => TimeSpan.FromSeconds(number),
                _ => TimeSpan.FromMinutes(number),
            }
            : throw Wrong(node, $"{Text(node)} is no duration; write it as 80ms, 5s or 2m");
    }

    private string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? throw Wrong(node, "one value is expected here");

    private Dictionary<string, YamlNode> Fields(YamlNode node, string what, string[] known, string[]? required = null)
    {
        Dictionary<string, YamlNode> fields = new(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(node, what))
        {
            fields[known.Contains(Text(key)) ? Text(key) : throw Wrong(key, $"{Text(key)} is no field of {what}; there are {string.Join(", ", known)}")] = value;
        }

        return required?.FirstOrDefault(r => !fields.ContainsKey(r)) is { } missing ? throw Wrong(node, $"{what} needs {missing}") : fields;
    }

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(YamlNode node, string what) =>
        node as YamlMappingNode ?? throw Wrong(node, $"{what} has fields, each with a colon");

    private ProviderException Wrong(YamlNode node, string problem) => Wrong(file, node.Start.Line, problem);

    private static ProviderException Wrong(string file, long line, string problem) =>
        new(ErrorClass.InvalidSpec, string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {problem.TrimEnd('.')}."));

    [GeneratedRegex(@"^([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m)\z")]
    private static partial Regex DurationPattern();
}
