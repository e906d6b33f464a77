using System.Text;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Engine;

public sealed class VolumeFolderTests : IDisposable
{
    private const string Volume = "edge-state";

    private readonly TestFolder folder = new();
    private readonly string source;

    public VolumeFolderTests()
    {
        source = Path.Combine(folder.Path, "volumes", Volume, "_data");
        Directory.CreateDirectory(Path.Combine(source, "state"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_OfTheVolume_AreRead_AndThoseThatAreNotThereAreLeftOut()
    {
        Write("state/version", "7");
        Write("state/empty", "");

        var files = VolumeFolder.Find(source, Volume, "state", "version", "applied", "empty")!;

        files.Keys.Should().BeEquivalentTo("version", "empty");
        Encoding.UTF8.GetString(files["version"]).Should().Be("7");
        files["empty"].Should().BeEmpty();
    }

    [Fact]
    public void Folder_ThatIsNotThere_HasNoFiles() => VolumeFolder.Find(source, Volume, "nothing", "version").Should().BeEmpty();

    [Fact]
    public void Volume_ThatIsElsewhere_IsTheEnginesToRead()
    {
        Write("state/version", "7");

        VolumeFolder.Find(null, Volume, "state", "version").Should().BeNull();
        VolumeFolder.Find(source, "another", "state", "version").Should().BeNull();
        VolumeFolder.Find(source.Replace("volumes", "elsewhere", StringComparison.Ordinal), Volume, "state", "version").Should().BeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Link_InTheVolume_IsNotFollowed(bool isFolder)
    {
        var secret = Path.Combine(folder.Path, "host");
        Directory.CreateDirectory(secret);
        File.WriteAllText(Path.Combine(secret, "version"), "of the host");
        if (isFolder)
        {
            Directory.CreateSymbolicLink(Path.Combine(source, "linked"), secret);
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(source, "linked"));
            File.CreateSymbolicLink(Path.Combine(source, "linked", "version"), Path.Combine(secret, "version"));
        }

        VolumeFolder.Find(source, Volume, "linked", "version").Should().BeNull();
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(source, name), content);
}
