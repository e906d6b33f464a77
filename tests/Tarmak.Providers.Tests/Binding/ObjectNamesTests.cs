using Tarmak.Machines;
using Tarmak.Providers.Binding;

namespace Tarmak.Providers.Tests.Binding;

public sealed class ObjectNamesTests
{
    private static readonly MachineAddress Machine = new(MachineKind.Capability, "dev/demo/etcd/0#machine/main");

    [Fact]
    public void Of_AMachine_IsReadableAndEndsInAHash()
    {
        ObjectNames.Of("a1", Machine).Should().MatchRegex("^tarmak-dev-demo-etcd-0-machine-[0-9a-f]{8}$");
    }

    [Fact]
    public void Of_ANamedObject_HoldsItsName()
    {
        var volume = new MachineAddress(MachineKind.Capability, "dev/demo/etcd/0#volume/data");

        ObjectNames.Of("a1", volume).Should().StartWith("tarmak-dev-demo-etcd-0-data-volume-");
    }

    [Fact]
    public void Of_TwoInstallations_NeverMeets()
    {
        ObjectNames.Of("a1", Machine).Should().NotBe(ObjectNames.Of("b2", Machine));
    }

    [Fact]
    public void Of_KeysThatReadAlike_StaysApart()
    {
        var one = new MachineAddress(MachineKind.Capability, "dev/a/b/0#machine/main");
        var other = new MachineAddress(MachineKind.Capability, "dev/a-b/0#machine/main");

        ObjectNames.Of("a1", one).Should().NotBe(ObjectNames.Of("a1", other));
    }

    [Fact]
    public void Of_AVeryLongKey_KeepsWithinWhatEveryCloudTakes()
    {
        var name = ObjectNames.Of("a1", new MachineAddress(MachineKind.Capability, $"dev/{new string('x', 120)}/etcd/0#machine/main"));

        name.Length.Should().Be(ObjectNames.MaxLength);
        name.Should().MatchRegex("^[a-z0-9-]+$");
    }
}
