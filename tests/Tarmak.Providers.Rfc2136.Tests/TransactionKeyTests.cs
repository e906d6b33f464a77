using ARSoft.Tools.Net.Dns;

namespace Tarmak.Providers.Rfc2136.Tests;

public sealed class TransactionKeyTests
{
    [Theory]
    [InlineData("key \"tarmak\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0\";\n};", "tarmak", TSigAlgorithm.Sha256)]
    [InlineData("key k.example { algorithm HMAC-SHA512; secret c2VjcmV0; };", "k.example", TSigAlgorithm.Sha512)]
    internal void Parse_KeyAsBindWritesIt_IsRead(string text, string name, TSigAlgorithm algorithm)
    {
        var key = TransactionKey.Parse(text, "It");

        (key.Name, key.Algorithm, key.ToString()).Should().Be((name, algorithm, $"key {name}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2VjcmV0")]
    [InlineData("key \"tarmak\" { algorithm hmac-md5; secret \"c2VjcmV0\"; };")]
    [InlineData("key \"tarmak\" { algorithm hmac-sha256; secret \"c2VjcmV0c2Vj=cmV0\"; };")]
    [InlineData("key \"tarmak\" { algorithm hmac-sha256; secret \"\"; };")]
    public void Parse_AnythingElse_IsRefusedWithoutItsContent(string text)
    {
        var act = () => TransactionKey.Parse(text, "The file x");

        act.Should().Throw<ProviderException>().Which.Message.Should().StartWith("The file x holds no transaction key").And.NotContain("c2VjcmV0");
    }
}
