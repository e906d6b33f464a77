using Tarmak.Machines.Steps;

namespace Tarmak.Providers.S3.Tests;

public sealed class AccessKeyTests
{
    [Theory]
    [InlineData("[default]\naws_access_key_id = AK\naws_secret_access_key = S/K+\n")]
    [InlineData("aws_access_key_id=AK\r\naws_secret_access_key=S/K+\r\n")]
    [InlineData("# mine\n[archive]\naws_secret_access_key = S/K+\naws_access_key_id = AK\nregion = eu-west-1\n")]
    [InlineData("[other]\naws_access_key_id = X\naws_secret_access_key = Y\n[profile default]\naws_access_key_id = AK\naws_secret_access_key = S/K+")]
    public void Parse_Key_IsRead(string text)
    {
        var key = AccessKey.Parse(text, "The file f");

        (key.AccessKey, key.SecretKey, key.UseToken).Should().Be(("AK", "S/K+", false));
    }

    [Fact]
    public void Parse_KeyWithAToken_HasIt() =>
        AccessKey.Parse("aws_access_key_id=AK\naws_secret_access_key=SK\naws_session_token=T", "The file f").Token.Should().Be("T");

    [Theory]
    [InlineData("", "holds no access key")]
    [InlineData("hunter2", "holds no access key")]
    [InlineData("[default]\naws_access_key_id = hunter2", "holds no whole access key")]
    [InlineData("[a]\naws_access_key_id = hunter2\n[b]\naws_access_key_id = hunter2", "holds several profiles")]
    public void Parse_WhatIsNoKey_IsRefusedAndNotRepeated(string text, string said)
    {
        var act = () => AccessKey.Parse(text, "The file f");

        var refusal = act.Should().Throw<ProviderException>().Which;
        refusal.Error.Should().Be(ErrorClass.Unauthenticated);
        refusal.Message.Should().StartWith("The file f").And.Contain(said).And.NotContain("hunter2");
    }

    [Fact]
    public void GetCredentials_VariableThatIsNotSet_IsNamed()
    {
        var act = () => new AccessKey(Options(variable: "TARMAK_TESTS_NO_SUCH_KEY")).GetCredentials();

        act.Should().Throw<ProviderException>().Which.Message.Should().Contain("TARMAK_TESTS_NO_SUCH_KEY");
    }

    [Fact]
    public void GetCredentials_NothingNamed_SaysWhereToNameIt()
    {
        var act = () => new AccessKey(Options(null)).GetCredentials();

        act.Should().Throw<ProviderException>().Which.Message.Should().Contain("spec.credentialsFrom");
    }

    private static S3Options Options(string? variable) => new(new Uri("https://s3.example.test"), "us-east-1", null, variable);
}
