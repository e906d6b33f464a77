using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Tarmak.Gateway.Tests.Hosting;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Listeners;

public sealed class ListenerTests(EngineFixture engine) : IDisposable
{
    private readonly HttpClient socket = new(engine.SocketHandler()) { BaseAddress = new Uri("http://localhost") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => socket.Dispose();

    [Fact]
    public async Task Socket_JsonOverHttp1_AnswersWhatGrpcAnswers()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("json")), cancellationToken: Token);
        var expected = await engine.Client.ListAsync(new V1.ListRequest { Kind = "providers", Name = "json" }, cancellationToken: Token);

        using var response = await socket.GetAsync("/v1/resources?kind=providers&name=json", Token);
        var text = await response.Content.ReadAsStringAsync(Token);

        response.Version.Should().Be(HttpVersion.Version11);
        var answered = JsonParser.Default.Parse<V1.ListResponse>(text);
        answered.Resources.Should().BeEquivalentTo(expected.Resources);
    }

    [Fact]
    public async Task Socket_AskedAsThePageOfTheApiSays_Answers()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs/operations/api.md"), Token);
        var command = page.Split("```bash\n")[1].Split("```")[0];
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true };
        start.Environment["TARMAK_HOME"] = engine.Home;
        using var process = System.Diagnostics.Process.Start(start)!;

        var text = await process.StandardOutput.ReadToEndAsync(Token);

        JsonNode.Parse(text)!["resources"].Should().NotBeNull();
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;

    [Fact]
    public async Task Socket_RefusalOverHttp_CarriesStatusAndSentence()
    {
        using var response = await socket.PostAsJsonAsync("/v1/plan", new { files = new[] { new { name = "a.yaml", content = "kind: Nothing" } } }, Token);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
        body["message"]!.GetValue<string>().Should().StartWith("a.yaml:1:");
    }

    [Fact]
    public async Task Socket_Health_IsServingOnceTheSiloIsActive()
    {
        using var response = await socket.GetAsync("/healthz", Token);

        (await response.Content.ReadAsStringAsync(Token)).Should().Be("Healthy");
    }

    [Fact]
    public void Home_Files_AreTheOwnersAlone()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        File.GetUnixFileMode(Path.Combine(engine.Home, "engine.sock")).Should().Be(owner);
        File.GetUnixFileMode(Path.Combine(engine.Home, "token")).Should().Be(owner);
        File.GetUnixFileMode(Path.Combine(engine.Home, "engine.json")).Should().Be(owner);
        File.GetUnixFileMode(Path.Combine(engine.Home, "installation")).Should().Be(owner);
        File.GetUnixFileMode(engine.Home).Should().Be(owner | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Loopback_WithToken_IsAnswered()
    {
        using var client = Loopback(out _);

        using var response = await client.GetAsync("/v1/version", Token);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["installation"]!.GetValue<string>().Should().HaveLength(12);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Loopback_WithoutTheToken_IsUnauthenticated(string? token)
    {
        using var client = Loopback(out _);
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var response = await client.GetAsync("/v1/version", Token);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Loopback_ForeignHost_IsForbidden()
    {
        using var client = Loopback(out _);
        client.DefaultRequestHeaders.Host = "rebound.example";

        using var response = await client.GetAsync("/v1/version", Token);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Loopback_Origin_IsOwnOrForbidden(string? origin, HttpStatusCode expected)
    {
        using var client = Loopback(out var endpoint);
        client.DefaultRequestHeaders.Add("Origin", origin ?? endpoint.GetLeftPart(UriPartial.Authority));

        using var response = await client.GetAsync("/v1/version", Token);

        response.StatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task Json_LargerThanAMessageMayBe_IsRefusedAsOverGrpc()
    {
        using var client = Loopback(out _);
        var body = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["name"] = "a", ["content"] = new string('x', 5_000_000) }) };

        using var response = await client.PostAsync("/v1/plan", new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), Token);

        response.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "that is how the contract's RESOURCE_EXHAUSTED is told over HTTP");
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["message"]!.GetValue<string>().Should().StartWith("The request is larger than");
    }

    /// <summary>A client that knows what a program finds in the home: endpoint, certificate and token.</summary>
    private HttpClient Loopback(out Uri endpoint)
    {
        var description = JsonNode.Parse(File.ReadAllText(Path.Combine(engine.Home, "engine.json")))!;
        endpoint = new Uri(description["endpoint"]!.GetValue<string>());
        var pinned = X509Certificate2.CreateFromPem(description["certificate"]!.GetValue<string>());
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetRawCertData().AsSpan().SequenceEqual(pinned.RawData) == true },
        };
        var client = new HttpClient(handler) { BaseAddress = endpoint };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(engine.Home, "token")).Trim());
        return client;
    }
}
