using Tarmak.Grains.Exports;

namespace Tarmak.Grains.Tests.Exports;

public sealed class RecoveryKeyTests
{
    [Fact]
    public void Key_OfItsOwnText_IsTheSame()
    {
        var key = RecoveryKey.Create("0123456789ab");

        RecoveryKey.TryParse($"  {key.Reveal()}\n", out var read, out _).Should().BeTrue();

        read!.Installation.Should().Be("0123456789ab");
        read.Id.Should().Be(key.Id);
        read.Reveal().Should().Be(key.Reveal());
    }

    [Fact]
    public void Key_MistypedAnywhere_IsRefusedAndNotRepeated()
    {
        var text = RecoveryKey.Create("0123456789ab").Reveal();

        // The last character carries bits that no byte needs.
        for (var i = 0; i < text.Length - 1; i++)
        {
            var typed = text[..i] + (text[i] == 'x' ? 'y' : 'x') + text[(i + 1)..];

            RecoveryKey.TryParse(typed, out _, out var problem).Should().BeFalse("character {0} is another", i);

            problem.Should().NotContain(text[^20..]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tarmak-recovery-1")]
    [InlineData("tarmak-recovery-1..")]
    [InlineData("tarmak-recovery-2.0123456789ab.AAAA")]
    [InlineData("tarmak-recovery-1.0123456789ab.AAAA")]
    [InlineData("tarmak-recovery-1.0123456789ab.*")]
    public void Key_OfSomethingElse_IsRefused(string text) => RecoveryKey.TryParse(text, out _, out _).Should().BeFalse();
}
