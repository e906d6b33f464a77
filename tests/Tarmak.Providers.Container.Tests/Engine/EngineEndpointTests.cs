using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Engine;

public sealed class EngineEndpointTests
{
    [Theory]
    [InlineData("localhost:2375")]
    [InlineData("no address")]
    [InlineData("ssh://host")]
    public void Address_ThatIsNone_IsRefusedInOneSentence(string variable)
    {
        var act = () => EngineEndpoint.Find(null, variable, _ => true);

        var refusal = act.Should().Throw<ProviderException>().Which;
        refusal.Error.Should().Be(ErrorClass.InvalidSpec);
        refusal.Message.Should().StartWith($"{variable} is no address of a container engine; set ").And.EndWith("tcp://127.0.0.1:2375.");
    }
}
