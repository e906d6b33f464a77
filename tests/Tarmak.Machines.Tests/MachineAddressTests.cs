namespace Tarmak.Machines.Tests;

public sealed class MachineAddressTests
{
    private static readonly MachineAddress Instance = MachineAddress.OfCluster("dev", "demo").Nested(MachineKind.InstancePool, "etcd").Nested(MachineKind.Instance, "0");

    [Fact]
    public void Title_IsTheNameAmongSiblings()
    {
        MachineAddress.OfEnvironment("dev").Title.Should().Be("dev");
        MachineAddress.OfCluster("dev", "demo").Title.Should().Be("demo");
        Instance.Title.Should().Be("etcd-0");
        Instance.Capability("volume", "data").Title.Should().Be("volume/data");
    }

    [Fact]
    public void Shown_IsWhatCommandsTake()
    {
        MachineAddress.OfCluster("dev", "demo").Shown.Should().Be("dev/demo");
        MachineAddress.OfCluster("dev", "demo").Capability("network", "main").Shown.Should().Be("dev/demo#network/main");
        Instance.Shown.Should().Be("dev/demo/etcd-0");
        Instance.Capability("volume", "data").Shown.Should().Be("dev/demo/etcd-0#volume/data");
    }
}
