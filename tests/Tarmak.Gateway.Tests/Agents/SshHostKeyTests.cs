using Tarmak.Gateway.Agents;

namespace Tarmak.Gateway.Tests.Agents;

public sealed class SshHostKeyTests
{
    private const string Ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ";

    [Theory]
    [InlineData("ssh-ed25519 " + Ed25519)]
    [InlineData("ssh-ed25519 " + Ed25519 + " root@etcd-0")]
    [InlineData("ssh-ed25519\t" + Ed25519 + " a longer comment\n")]
    public void Read_OfOneKey_DropsTheComment(string text) =>
        SshHostKey.Read(text).Should().Be($"ssh-ed25519 {Ed25519}");

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-ed25519 !!!!")]
    [InlineData("ssh-rsa " + Ed25519)]
    [InlineData("ssh-foo " + Ed25519)]
    [InlineData("@cert-authority * ssh-ed25519 " + Ed25519)]
    [InlineData("*.example.test ssh-ed25519 " + Ed25519)]
    [InlineData("ssh-ed25519 " + Ed25519 + "\n* ssh-ed25519 " + Ed25519)]
    [InlineData("ssh-ed25519 " + Ed25519 + " c\r* ssh-ed25519 " + Ed25519)]
    [InlineData("ssh-ed25519\n" + Ed25519)]
    public void Read_OfAnythingElse_IsNone(string text) => SshHostKey.Read(text).Should().BeNull();
}
