using System.Net;

namespace Tarmak.Agent.Relay;

/// <summary>Bounds how many connections there are at one time, in all and from one address: no machine may take the others' share.</summary>
/// <param name="most">In all.</param>
/// <param name="mostOfOne">From one address.</param>
internal sealed class SourceLimit(int most, int mostOfOne)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _present = [];
    private int _total;

    /// <summary>Takes a place.</summary>
    /// <param name="source">Where the connection comes from.</param>
    /// <returns>False where there is none; otherwise <see cref="Leave"/> gives it back.</returns>
    public bool TryEnter(IPAddress source)
    {
        lock (_gate)
        {
            int present = _present.GetValueOrDefault(source);
            if (_total >= most || present >= mostOfOne)
            {
                return false;
            }

            _present[source] = present + 1;
            _total++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="source">Where the connection came from.</param>
    public void Leave(IPAddress source)
    {
        lock (_gate)
        {
            _total--;
            if (--_present[source] == 0)
            {
                _present.Remove(source);
            }
        }
    }
}
