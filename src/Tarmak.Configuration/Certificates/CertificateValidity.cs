namespace Tarmak.Configuration.Certificates;

/// <summary>How long certificates live.</summary>
public static class CertificateValidity
{
    /// <summary>Of an authority.</summary>
    public static readonly TimeSpan Authority = TimeSpan.FromDays(20 * 365);

    /// <summary>Of a component on an instance; its agent renews it in time.</summary>
    public static readonly TimeSpan Component = TimeSpan.FromDays(30);

    /// <summary>Of an operator's credentials.</summary>
    public static readonly TimeSpan Administrator = TimeSpan.FromDays(365);

    /// <summary>How far the start lies in the past, for machines whose clocks are behind.</summary>
    public static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);
}
