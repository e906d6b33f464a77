using Tarmak.Providers.Container.Images;

namespace Tarmak.Providers.Container.Tests.Images;

public sealed class DebianTreeTests
{
    [Theory]
    [InlineData("deb http://mirror.test/debian bookworm main\n")]
    [InlineData("deb [signed-by=/k] http://mirror.test/debian bookworm main\n")]
    [InlineData("Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n")]
    public void Mirror_IsTheMachinesOwn(string sources) =>
        DebianTree.Mirror(["Types: deb\nURIs: http://security.test/debian\nSuites: bookworm-security\n", sources]).Should().Equal("http://mirror.test/debian");

    [Fact]
    public void ContentHash_OfAnotherAgent_IsAnother_AndPackagesStay()
    {
        var recipe = ImageRecipe.Load();

        recipe.Files.Should().ContainKeys("packages.txt", "masks.txt", "remove.txt", "files/etc/systemd/system/tarmak-agent.service");
        recipe.ContentHash([1]).Should().NotBe(recipe.ContentHash([2])).And.HaveLength(64);
        recipe.PackagesHash.Should().Be(ImageRecipe.Load().PackagesHash);
    }
}
