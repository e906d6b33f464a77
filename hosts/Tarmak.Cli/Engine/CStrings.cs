using System.Runtime.InteropServices;

namespace Tarmak.Cli.Engine;

/// <summary>A list of strings as C takes arguments and environments: pointers, closed by a null.</summary>
internal sealed class CStrings : IDisposable
{
    /// <summary>Copies the strings.</summary>
    /// <param name="texts">The strings.</param>
    public CStrings(IEnumerable<string> texts) => Pointers = [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    /// <summary>The pointers.</summary>
    public nint[] Pointers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pointer in Pointers)
        {
            Marshal.FreeCoTaskMem(pointer);
        }
    }
}
