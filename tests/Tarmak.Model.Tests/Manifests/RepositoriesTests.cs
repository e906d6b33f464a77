using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Tests.Manifests;

public sealed class RepositoriesTests
{
    [Theory]
    [InlineData("[ web, build-tools, a.b_c ]", null)]
    [InlineData("[ web, blobs ]", "spec.repositories[1]: is blobs, a word that registries use themselves; choose another name")]
    [InlineData("[ web, web ]", "spec.repositories[1]: is web once more; leave it out")]
    [InlineData("[ Web ]", "spec.repositories[0]: is not the name of a repository")]
    [InlineData("[ demo/web ]", "spec.repositories[0]: is not the name of a repository")]
    [InlineData("[ \"..\" ]", "spec.repositories[0]: is not the name of a repository")]
    [InlineData("[ a--b ]", "spec.repositories[0]: is not the name of a repository")]
    public void Repositories_OfEitherKind_AreNamesThatLeadNowhereElse(string repositories, string? problem)
    {
        foreach (var document in new[]
        {
            $"kind: Environment\nmetadata: {{ name: dev }}\nspec: {{ provider: main, repositories: {repositories} }}",
            $"kind: Cluster\nmetadata: {{ name: demo, environment: dev }}\nspec: {{ repositories: {repositories} }}",
        })
        {
            var problems = Documents.Read($"apiVersion: tarmak.io/v1alpha1\n{document}\n").Problems.Select(p => $"{p.Path}: {p.Message}").ToList();

            if (problem is null)
            {
                problems.Should().BeEmpty();
            }
            else
            {
                problems.Should().ContainSingle().Which.Should().StartWith(problem);
            }
        }
    }

    [Fact]
    public void Repositories_OfAClusterWhoseNameIsReserved_AreRefused() =>
        Documents.Read("apiVersion: tarmak.io/v1alpha1\nkind: Cluster\nmetadata: { name: blobs, environment: dev }\nspec: { repositories: [ web ] }\n")
            .Problems.Should().ContainSingle().Which.Path.Should().Be("metadata.name");

    [Fact]
    public void Spec_WithoutRepositories_HashesAsBefore() =>
        Serialization.CanonicalJson.Of(new EnvironmentSpec { Provider = "main" }).Should().NotContain("repositories");

    [Theory]
    [InlineData("web", true)]
    [InlineData("demo/web", true)]
    [InlineData("demo/web/more", false)]
    [InlineData("demo/tags", false)]
    [InlineData("/web", false)]
    [InlineData("web\n", false)]
    [InlineData("", false)]
    public void Name_InARegistry_IsOneWordOrTwo(string name, bool isName) => RepositoryNames.IsName(name).Should().Be(isName);
}
