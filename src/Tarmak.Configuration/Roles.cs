namespace Tarmak.Configuration;

/// <summary>The roles that have a Puppet class <c>role::&lt;name&gt;</c>.</summary>
public static class Roles
{
    /// <summary>The way in for operators.</summary>
    public const string Bastion = "bastion";

    /// <summary>A member of the cluster's etcd.</summary>
    public const string Etcd = "etcd";

    /// <summary>A temporary machine that is captured as an image.</summary>
    public const string Image = "image";
}
