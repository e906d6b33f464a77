using CsCheck;

namespace Tarmak.Providers.S3.Tests;

public sealed class ObjectKeysTests
{
    private static readonly string[] Parts = ["a", ".", "..", "...", "/", "//", "%", "%2E", ".tarmak", "tarmak", " ", "+", "ä", "\n", "\uFFFE"];
    private static readonly Gen<string> Keys = Gen.Int[0, Parts.Length - 1].Select(n => Parts[n]).Array[1, 8].Select(string.Concat);

    [Theory]
    [InlineData("a/b.txt", "a/b.txt")]
    [InlineData("a b+ä", "a b+ä")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("../up", "%2E%2E/up")]
    [InlineData("a/./b", "a/%2E/b")]
    [InlineData("a/...", "a/...")]
    [InlineData("/a//b/", "%2Fa/%2Fb/")]
    [InlineData(".tarmak/owner.json", "%2Etarmak/owner.json")]
    [InlineData(".tarmak", ".tarmak")]
    [InlineData("a\nb", "a%0Ab")]
    public void Stored_Key_LosesNothingOnTheWay(string key, string stored) => ObjectKeys.Stored(key).Should().Be(stored);

    [Fact]
    public void Of_StoredForm_IsTheKeyAgain() => Keys.Sample(key => ObjectKeys.Of(ObjectKeys.Stored(key)) == key);

    [Fact]
    public void Stored_AnyKey_IsNoneOfTarmaksOwnAndHasNothingThatFolds() => Keys.Sample(key =>
        ObjectKeys.Stored(key) is var stored && !stored.StartsWith(ObjectKeys.Own, StringComparison.Ordinal) && stored[0] != '/'
        && !stored.Contains("//", StringComparison.Ordinal) && !stored.Split('/').Any(s => s is "." or ".."));

    [Fact]
    public void StoredPrefix_OfAnyBeginning_IsABeginningOfTheStoredKey() => Gen.Select(Keys, Gen.Int[0, 20]).Sample((key, length) =>
        ObjectKeys.Stored(key).StartsWith(ObjectKeys.StoredPrefix(key[..Math.Min(length, key.Length)]), StringComparison.Ordinal));
}
