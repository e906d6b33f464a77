using System.Text;
using System.Text.Json;

namespace Tarmak.Agent.Tests;

/// <summary>A machine's file system in a temporary directory, with a program in Puppet's place.</summary>
internal sealed class AgentRoot : IDisposable
{
    public const string HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("tarmak-agent-");
    private readonly StringWriter _journal = new();

    public AgentRoot()
    {
        Paths = new AgentPaths(_root.FullName);
        Log = new AgentLog(_journal);
        Directory.CreateDirectory(Path.GetDirectoryName(Paths.Settings)!);
        Directory.CreateDirectory(Paths.SshDirectory);
        File.WriteAllText(Path.Combine(Paths.SshDirectory, "ssh_host_ed25519_key.pub"), $"{HostKey} root@etcd-0\n");
    }

    public AgentPaths Paths { get; }

    public AgentLog Log { get; }

    public string Journal => _journal.ToString();

    public string PuppetProgram => Path.Combine(_root.FullName, "puppet");

    public AgentSettings GiveFirstBoot(string uid, string relay, string pin, string secret)
    {
        AgentSettings settings = new("dev/demo/etcd/0", uid, relay, pin);
        AgentFiles.Write(Paths.Settings, JsonSerializer.SerializeToUtf8Bytes(settings, AgentJson.Default.AgentSettings), AgentFiles.Private);
        AgentFiles.Write(Paths.EnrolmentSecret, Encoding.ASCII.GetBytes(secret), AgentFiles.Private);
        return AgentSettings.Read(Paths.Settings);
    }

    /// <summary>The program changes something once for each bundle and nothing the second time.</summary>
    public void InstallPuppet() => InstallPuppet($$"""
        #!/bin/sh
        set -e
        [ "$1" = apply ] && [ "$2" = --config ] && [ -f "$3" ] && [ "$4" = --detailed-exitcodes ] && [ -f "$5" ]
        applied="{{_root.FullName}}/applied"
        bundle=$(readlink "{{Paths.CurrentBundle}}")
        report() {
          printf '{"format":1,"status":"%s","resources":[{"type":"Service","title":"etcd","status":"%s","durationMs":3,"message":"m"},{"type":"File","title":"/a","status":"unchanged","durationMs":1}],"logs":[]}' "$1" "$1" > "{{Paths.Report}}"
        }
        test -s "{{Paths.PkiDirectory}}/etcd-peer.crt"
        if grep -qx "$bundle" "$applied" 2>/dev/null; then report unchanged; exit 0; fi
        echo "$bundle" >> "$applied"
        report changed
        exit 2
        """);

    public void InstallPuppet(string script) =>
        AgentFiles.Write(PuppetProgram, Encoding.UTF8.GetBytes(script + "\n"), AgentFiles.PrivateDirectory);

    /// <summary>The machine's program for evidence.</summary>
    public void InstallEvidence(string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Paths.EvidenceProgram)!);
        File.WriteAllText(Paths.EvidenceProgram, script + "\n");
    }

    public void Dispose() => _root.Delete(recursive: true);
}
