using System.Text;
using Tarmak.Grains.Exports;

namespace Tarmak.Grains.Tests.Exports;

public sealed class ExportSealTests
{
    private static readonly RecoveryKey Key = RecoveryKey.Create("0123456789ab");

    [Fact]
    public void Seal_OpenedAtItsPlace_GivesTheText()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the same again and again ", 1000)));

        var stored = new ExportSeal(Key).Seal("here", "home", text);

        stored.Length.Should().BeLessThan(1000, "it is compressed");
        new ExportSeal(Key).Open("here", stored).Should().Equal(text);
        new ExportSeal(Key).IsOurs(stored).Should().BeTrue();
        ExportSeal.WriterOf(stored).Should().Be("home");
    }

    [Fact]
    public void Seal_OfAnotherPlace_IsRefused()
    {
        var stored = new ExportSeal(Key).Seal("here", "home", "text"u8);

        Opening(Key, "there", stored).Should().Throw<InvalidDataException>().WithMessage("was changed since it was written, or belongs elsewhere");
    }

    [Fact]
    public void Seal_OfAnotherKey_IsRefusedByNamesOfBoth()
    {
        var other = RecoveryKey.Create("0123456789ab");
        var stored = new ExportSeal(other).Seal("here", "home", "text"u8);

        new ExportSeal(Key).IsOurs(stored).Should().BeFalse();
        Opening(Key, "here", stored).Should().Throw<InvalidDataException>().WithMessage($"was sealed with recovery key {other.Id}, and the one given is {Key.Id}*");
    }

    [Fact]
    public void Seal_AnyByteChangedOrCutOff_IsRefused()
    {
        var stored = new ExportSeal(Key).Seal("here", "home", "text"u8);

        for (var i = 0; i < stored.Length; i++)
        {
            byte[] changed = [.. stored];
            changed[i] ^= 1;
            Opening(Key, "here", changed).Should().Throw<InvalidDataException>("byte {0} was changed", i);
            Opening(Key, "here", stored[..i]).Should().Throw<InvalidDataException>("only {0} bytes are there", i);
        }
    }

    [Fact]
    public void Seal_OfALaterForm_AsksForANewerEngine()
    {
        Opening(Key, "here", [.. Encoding.ASCII.GetBytes($"tarmak-export-2 {Key.Id} home\n"), 1, 2, 3])
            .Should().Throw<InvalidDataException>().WithMessage("is in the form tarmak-export-2, and this engine knows tarmak-export-1; use a newer engine");
    }

    private static Action Opening(RecoveryKey key, string place, byte[] stored) => () => new ExportSeal(key).Open(place, stored);
}
