using System.Text.Json.Nodes;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Plugins.Installation;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Tests.Installation;

public sealed class PluginFolderTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("tarmak-plugins-");

    public void Dispose() => home.Delete(recursive: true);

    [Fact]
    public void Read_TheExample_IsItsSheetWithWhatEveryPluginNeeds()
    {
        var plugin = PluginFolder.Read(Write("shelf", Example()));

        plugin.Sheet.Type.Should().Be("shelf");
        plugin.Sheet.Requirements.Select(r => r.Name).Should().Equal("plugin", "folder");
        plugin.Sheet.Find(CapabilityNames.ObjectStorage)!.Objects.Should().Equal(
            new ObjectSheet(ResourceKinds.Bucket, ObjectMark.Companion, UnknownResolution.UniqueName, TimeSpan.Zero, TimeSpan.FromSeconds(15), HoldsData: true));
        plugin.Kinds[ResourceKinds.Bucket].Listed.Should().BeTrue();
    }

    [Fact]
    public void Read_EveryCapability_KeepsWhatIsParticular()
    {
        var file = Example();
        file["sheet"]!["capabilities"] = JsonNode.Parse("""
            [
              { "capability": "compute", "sizes": ["tiny"], "reachableFrom": "10.0.0.0/8", "objects": [
                { "kind": "machine", "mark": "labels", "ensureResolution": "read", "visibilityBoundSeconds": 5 }, { "kind": "edge", "mark": "labels", "ensureResolution": "replay" } ] },
              { "capability": "volumes", "classes": ["hdd"], "isZonal": true, "objects": [ { "kind": "volume", "mark": "name", "ensureResolution": "uniqueName", "holdsData": true } ] },
              { "capability": "dns", "makesZones": false, "objects": [
                { "kind": "dns-zone", "mark": "none", "ensureResolution": "uniqueName", "shared": true }, { "kind": "dns-record-set", "mark": "companion", "ensureResolution": "uniqueName" } ] },
              { "capability": "machineImages", "takesNamedImages": true, "objects": [ { "kind": "machine-image", "mark": "none", "ensureResolution": "uniqueName", "shared": true } ] }
            ]
            """);

        var sheet = PluginFolder.Read(Write("all", file)).Sheet;

        var compute = sheet.Find<ComputeSheet>()!;
        (compute.Sizes.Single(), compute.MostZones, compute.ReachableFrom).Should().Be(("tiny", 1, "10.0.0.0/8"));
        compute.Objects[0].VisibilityBound.Should().Be(TimeSpan.FromSeconds(5));
        sheet.Find<VolumesSheet>()!.IsZonal.Should().BeTrue();
        sheet.Find<DnsSheet>()!.MakesZones.Should().BeFalse();
        sheet.Find<MachineImagesSheet>()!.TakesNamedImages.Should().BeTrue();
    }

    [Theory]
    [InlineData("""{ "sheet": {} }""", "give it either a command or an address.")]
    [InlineData("""{ "command": ["x"], "address": "https://h:1", "sheet": {} }""", "give it either a command or an address.")]
    [InlineData("""{ "command": ["x", ""], "sheet": {} }""", "command has an empty part.")]
    [InlineData("""{ "address": "http://h:1", "sheet": {} }""", "address is not https://HOST:PORT; a plugin elsewhere is reached over TLS only.")]
    [InlineData("""{ "address": "https://h:1", "sheet": {} }""", "a plugin at an address needs authority, certificate and key, so that both sides know each other.")]
    [InlineData("""{ "command": ["x"] }""", "sheet is missing.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s" } }""", "sheet.capabilities is empty; name what the plugin offers.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [null] } }""", "the sheet has an entry that is null.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [{ "capability": "firewall" }] } }""", "sheet.capabilities names firewall, and a plugin may offer secretStore, machineImages, objectStorage, loadBalancing, dns, network, compute, volumes.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [{ "capability": "secretStore" }, { "capability": "secretStore" }] } }""", "sheet.capabilities names a capability twice.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [{ "capability": "objectStorage" }] } }""", "the objects of objectStorage are not bucket, each once.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [{ "capability": "objectStorage", "objects": [{ "kind": "bucket", "mark": "name" }] }] } }""", "object bucket of objectStorage says no mark or no ensureResolution.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "capabilities": [{ "capability": "objectStorage", "objects": [{ "kind": "bucket", "mark": "name", "ensureResolution": "read", "callDeadlineSeconds": 0 }] }] } }""", "object bucket of objectStorage has a bound that is not within an hour.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": " ", "capabilities": [{ "capability": "secretStore" }] } }""", "sheet.summary is missing, or has control characters.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "settings": ["color"], "capabilities": [{ "capability": "secretStore" }] } }""", "sheet.settings names color, and a Provider's settings are host, server, credentialsFrom.")]
    [InlineData("""{ "command": ["x"], "sheet": { "summary": "s", "requiredSettings": ["host"], "capabilities": [{ "capability": "secretStore" }] } }""", "sheet.requiredSettings names what sheet.settings does not.")]
    public void Read_FileThatCannotBe_SaysWhereAndWhat(string text, string sentence)
    {
        var folder = Write("odd", JsonNode.Parse(text)!);

        var act = () => PluginFolder.Read(folder);

        act.Should().Throw<PluginFileException>().WithMessage($"{Path.Combine(folder, "plugin.json")}: {sentence}");
    }

    [Theory]
    [InlineData("""{ "comand": ["x"] }""", "comand")]
    [InlineData("""{ "command": "x" }""", "$.command")]
    [InlineData("{", "LineNumber")]
    [InlineData("null", "it is empty")]
    public void Read_WhatIsNoPluginFile_NamesThePlace(string text, string place)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.FullName, "plugins", "odd")).FullName;
        File.WriteAllText(Path.Combine(folder, "plugin.json"), text);

        var act = () => PluginFolder.Read(folder);

        act.Should().Throw<PluginFileException>().Which.Message.Should().StartWith(Path.Combine(folder, "plugin.json") + ": ").And.Contain(place);
    }

    [Fact]
    public void Read_FolderWhoseNameIsNoType_SaysWhatItMayBe()
    {
        var act = () => PluginFolder.Read(Write("My Plugin", Example()));

        act.Should().Throw<PluginFileException>().WithMessage("*My Plugin: the name of the folder is the plugin's type in manifests*rename it.");
    }

    [Fact]
    public void Find_FoldersWithoutAPluginFile_AreNone()
    {
        Directory.CreateDirectory(Path.Combine(home.FullName, "plugins", "notes"));
        var b = Write("b", Example());
        var a = Write("a", Example());

        PluginFolder.Find(home.FullName).Should().Equal(a, b);
        PluginFolder.Find(Path.Combine(home.FullName, "nowhere")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"use":"state"}""", """{"use":"state"}""", ChangeEffect.None)]
    [InlineData("""{"use":"state"}""", """{ "use": "state" }""", ChangeEffect.None)]
    [InlineData("""{"use":"state"}""", """{"use":"backups"}""", ChangeEffect.Update)]
    [InlineData("""{"use":"state"}""", """{"use":"backups","place":"eu"}""", ChangeEffect.Replace)]
    [InlineData("""{"place":"eu"}""", """{}""", ChangeEffect.Replace)]
    public void Compare_MadeAndWanted_IsAnUpdateOnlyOfWhatTheSheetNames(string made, string wanted, ChangeEffect effect)
    {
        var kind = PluginFolder.Read(Write("shelf", Example())).Kinds[ResourceKinds.Bucket];

        kind.Traits.Compare(made, wanted).Should().Be(effect);
    }

    private static JsonNode Example() => JsonNode.Parse(File.ReadAllText(Path.Combine(Shelf.Root, "docs/examples/plugins/shelf/plugin.json")))!;

    private string Write(string type, JsonNode file)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.FullName, "plugins", type)).FullName;
        File.WriteAllText(Path.Combine(folder, "plugin.json"), file.ToJsonString());
        return folder;
    }
}
