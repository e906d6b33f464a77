namespace Tarmak.Agent;

/// <summary>Where the agent's files are. The root is <c>/</c> but in tests.</summary>
/// <param name="root">Directory all paths are under.</param>
internal sealed class AgentPaths(string root)
{
    /// <summary>First-boot data.</summary>
    public string Settings => At("etc/tarmak/agent.json");

    /// <summary>The one-time secret; gone once it was used.</summary>
    public string EnrolmentSecret => At("etc/tarmak/enrolment-secret");

    /// <summary>The program that proves to the cloud which machine this is; absent where the cloud takes no evidence.</summary>
    public string EvidenceProgram => At("usr/lib/tarmak/evidence");

    /// <summary>The relay's settings, on an edge.</summary>
    public string RelaySettings => At("etc/tarmak/relay.json");

    /// <summary>The machine's SSH host keys.</summary>
    public string SshDirectory => At("etc/ssh");

    /// <summary>Keys and certificates of what runs here.</summary>
    public string PkiDirectory => At("etc/tarmak/pki");

    /// <summary>The agent's own state: it belongs to the machine, so never on a data volume.</summary>
    public string StateDirectory => At("var/lib/tarmak/agent");

    /// <summary>The agent's private key.</summary>
    public string Key => At("var/lib/tarmak/agent/agent.key");

    /// <summary>The agent's certificate.</summary>
    public string Certificate => At("var/lib/tarmak/agent/agent.crt");

    /// <summary>The engine authority's certificate.</summary>
    public string Authority => At("var/lib/tarmak/agent/authority.crt");

    /// <summary>Number of the last run and what the agent must remember beside it.</summary>
    public string State => At("var/lib/tarmak/agent/state.json");

    /// <summary>Unpacked bundles by hash.</summary>
    public string BundlesDirectory => At("var/lib/tarmak/bundles");

    /// <summary>Link to the bundle in force.</summary>
    public string CurrentBundle => At("var/lib/tarmak/bundle");

    /// <summary>Resolved secrets, in memory.</summary>
    public string SecretsDirectory => At("run/tarmak/secrets");

    /// <summary>Puppet's own state.</summary>
    public string PuppetDirectory => At("var/lib/tarmak/puppet");

    /// <summary>Report of the last run.</summary>
    public string Report => At("var/lib/tarmak/puppet/report.json");

    private string At(string path) => Path.Combine(root, path);
}
