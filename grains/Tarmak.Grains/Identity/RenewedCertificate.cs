using System.Security.Cryptography.X509Certificates;

namespace Tarmak.Grains.Identity;

/// <summary>A certificate that is issued anew once two thirds of its life are over.</summary>
/// <param name="issue">Issues one.</param>
/// <param name="time">The clock.</param>
internal sealed class RenewedCertificate(Func<X509Certificate2> issue, TimeProvider time)
{
    private readonly Lock _gate = new();
    private X509Certificate2? _current;
    private DateTimeOffset _renewAt;

    /// <summary>The certificate in use. Earlier ones may still be shown by connections, so they are not disposed.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                if (_current is null || time.GetUtcNow() >= _renewAt)
                {
                    _current = issue();
                    DateTimeOffset start = _current.NotBefore;
                    _renewAt = start + ((_current.NotAfter - start) * 2 / 3);
                }

                return _current;
            }
        }
    }
}
