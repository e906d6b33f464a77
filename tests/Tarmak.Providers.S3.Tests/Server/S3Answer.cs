using System.Text;
using System.Xml.Linq;

namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>What the server answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The content.</param>
internal sealed record S3Answer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static S3Answer Done(int status = 200) => new(status, []);

    public static S3Answer Error(int status, string code) =>
        Xml(new XElement("Error", new XElement("Code", code), new XElement("Message", "The reason."), new XElement("RequestId", "1"))) with { Status = status };

    public static S3Answer Xml(XElement root) =>
        new(200, Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{root.ToString(SaveOptions.DisableFormatting)}")) { Headers = { ["Content-Type"] = "application/xml" } };
}
