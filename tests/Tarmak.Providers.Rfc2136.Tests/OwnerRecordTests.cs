using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Tarmak.Providers.Rfc2136.Tests;

public sealed class OwnerRecordTests
{
    [Theory]
    [InlineData("a=1", "a=2")]
    [InlineData("v=spf1 -all")]
    public void Read_TextOfSomebodyElse_IsNoOwner(params string[] texts) =>
        OwnerRecord.Read(new TxtRecord(DomainName.Parse("a.example.test"), 60, texts)).Should().BeNull();
}
