using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>A server of the S3 protocol on a loopback port: real sockets, checked signatures, versions and conditional writes.</summary>
internal sealed class LoopbackS3 : IAsyncDisposable
{
    public const string Account = "ours";
    public const string OtherAccount = "theirs";

    private readonly WebApplication app;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tarmak-s3-");
    private readonly Dictionary<string, (string Secret, string Account)> keys;

    private LoopbackS3(WebApplication app)
    {
        this.app = app;
        keys = new(StringComparer.Ordinal) { ["AKOURS"] = (Secret, Account), ["AKTHEIRS"] = (OtherSecret, OtherAccount) };
    }

    public S3Store Store { get; } = new();

    /// <summary>The secret of the key, to look for where it must not be.</summary>
    public string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30));

    public string OtherSecret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30));

    /// <summary>Asked for each request whether something goes wrong with it.</summary>
    public Func<S3Request, Disturbance?> Disturb { get; set; } = static _ => null;

    public string Address { get; private set; } = "";

    public IReadOnlyDictionary<string, string> Options => OptionsOf("AKOURS", Secret);

    public IReadOnlyDictionary<string, string> OtherOptions => OptionsOf("AKTHEIRS", OtherSecret);

    public static async Task<LoopbackS3> StartAsync(bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(Certificate());
            }
        }));
        var server = new LoopbackS3(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        server.Address = server.app.Urls.Single();
        return server;
    }

    /// <summary>Settings with a key of one's own.</summary>
    public IReadOnlyDictionary<string, string> OptionsOf(string id, string secret)
    {
        var file = Path.Combine(folder.FullName, $"{id}-{secret.GetHashCode(StringComparison.Ordinal):x8}");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, $"[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        }

        return new Dictionary<string, string> { [ProviderOptions.Server] = Address, [ProviderOptions.CredentialsFile] = file };
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var (path, query) = (target[0], target.Length > 1 ? target[1] : "");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

        var authorization = Parts(headers.GetValueOrDefault("Authorization") ?? "");
        if (!authorization.TryGetValue("Credential", out var credential) || !keys.TryGetValue(credential.Split('/')[0], out var key))
        {
            await WriteAsync(context, S3Answer.Error(403, "InvalidAccessKeyId"));
            return;
        }

        if (!S3Signature.IsRight(authorization, key.Secret, context.Request.Method, path, query, headers, body.ToArray()))
        {
            await WriteAsync(context, S3Answer.Error(403, "SignatureDoesNotMatch"));
            return;
        }

        var places = path.Split('/', 3);
        var request = new S3Request(
            key.Account, context.Request.Method, places[1], places.Length > 2 ? Uri.UnescapeDataString(places[2]) : "",
            query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? Uri.UnescapeDataString(p[1]) : "", StringComparer.Ordinal),
            headers, body.ToArray());
        switch (Disturb(request))
        {
            case Disturbance.CutBefore:
                context.Abort();
                return;
            case Disturbance.CutAfter:
                Store.Handle(request);
                context.Abort();
                return;
            case Disturbance.Instead { Answer: var answer }:
                await WriteAsync(context, answer);
                return;
            case Disturbance.Silence { Arrived: var arrived }:
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return;
            default:
                await WriteAsync(context, Store.Handle(request));
                return;
        }
    }

    private static Dictionary<string, string> Parts(string authorization) =>
        authorization.Replace("AWS4-HMAC-SHA256 ", "", StringComparison.Ordinal).Split(", ").Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private static async Task WriteAsync(HttpContext context, S3Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body);
        }
    }
}
