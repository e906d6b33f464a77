namespace Tarmak.Architecture.Tests;

/// <summary>Holds the dependency table of <c>docs/architecture.md</c>.</summary>
public sealed class DependencyTests
{
    /// <summary>What each project may reference. A provider project may reference Providers only, whatever its name.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Tarmak.Model"] = [],
        ["Tarmak.Machines"] = ["Tarmak.Model"],
        ["Tarmak.Providers"] = ["Tarmak.Model", "Tarmak.Machines"],
        ["Tarmak.Configuration"] = ["Tarmak.Model"],
        ["Tarmak.Api"] = [],
        ["Tarmak.Grains.Abstractions"] = ["Tarmak.Model"],
        ["Tarmak.Grains"] = ["Tarmak.Model", "Tarmak.Machines", "Tarmak.Providers", "Tarmak.Configuration", "Tarmak.Grains.Abstractions"],
        ["Tarmak.Agent"] = ["Tarmak.Api"],
        ["Tarmak.Cli"] = ["Tarmak.Api", "Tarmak.Model"],
    };

    /// <summary>Hosts that put the others together.</summary>
    private static readonly string[] Compositions = ["Tarmak.Gateway", "Tarmak.Engine", "Tarmak.Simulator"];

    [Fact]
    public void Projects_OfTheLayout_ReferenceOnlyWhatTheTableAllows()
    {
        foreach (var project in Repository.Projects.Keys.Except(Compositions))
        {
            var allowed = Allowed.TryGetValue(project, out var named) ? named
                : project.StartsWith("Tarmak.Providers.", StringComparison.Ordinal) ? ["Tarmak.Providers"]
                : throw new InvalidOperationException($"{project} is not in the dependency table; give it its row here and in docs/architecture.md.");

            Repository.ReferencesOf(project).Should().BeSubsetOf(allowed, "{0} may use only these", project);
        }
    }

    [Fact]
    public void Compositions_AreNotReferencedByWhatTheyCompose()
    {
        foreach (var project in Repository.Projects.Keys.Except(Compositions))
        {
            Repository.ReferencesOf(project).Should().NotContain(Compositions, "{0} is composed by them", project);
        }
    }

    [Fact]
    public void Providers_AreNamedByTheEngine_AndTheSimulatorsOwnProgram()
    {
        var providers = Repository.Projects.Keys.Where(p => p.StartsWith("Tarmak.Providers.", StringComparison.Ordinal) && p != "Tarmak.Providers.Conformance").ToList();

        var users = Repository.Projects.Keys.Where(p => Repository.ReferencesOf(p).Overlaps(providers));

        users.Should().BeEquivalentTo("Tarmak.Engine", "Tarmak.Simulator");
        Repository.ReferencesOf("Tarmak.Simulator").Should().BeEquivalentTo("Tarmak.Providers.Simulated");
    }

    [Theory]
    [InlineData("Tarmak.Model")]
    [InlineData("Tarmak.Machines")]
    public void PureProjects_UseNeitherOrleansNorInputOutput(string project)
    {
        Repository.PackagesOf(project).Should().BeSubsetOf(["YamlDotNet"]);
        foreach (var (file, text) in Repository.SourcesOf(project))
        {
            foreach (var impure in new[] { "using System.Net.Http", "using System.Net.Sockets", "File.", "Process.Start", "DateTimeOffset.UtcNow", "DateTime.UtcNow", "Random.Shared", "Guid.NewGuid" })
            {
                System.Text.RegularExpressions.Regex.IsMatch(text, $@"(?<![\w.]){System.Text.RegularExpressions.Regex.Escape(impure)}")
                    .Should().BeFalse("{0} is pure, but {1} uses {2}", project, file, impure);
            }
        }
    }

    [Fact]
    public void Providers_NeverSpeakToGrains()
    {
        foreach (var project in Repository.Projects.Keys.Where(p => p.StartsWith("Tarmak.Providers", StringComparison.Ordinal)))
        {
            foreach (var (file, text) in Repository.SourcesOf(project))
            {
                text.Should().NotContain("using Orleans", "a driver never calls a grain ({0})", file);
            }
        }
    }
}
