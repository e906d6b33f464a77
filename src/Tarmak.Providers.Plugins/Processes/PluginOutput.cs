using System.Text;
using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>
/// Reads what a process writes, however much that is: lines are cut, some are told each second and the rest counted, and one
/// that writes too fast is made to wait.
/// </summary>
/// <param name="source">Where it writes.</param>
/// <param name="limits">How much.</param>
/// <param name="tell">Gets each line that is told.</param>
/// <param name="time">The clock.</param>
internal sealed class PluginOutput(Stream source, PluginLimits limits, Action<string> tell, TimeProvider time)
{
    private const int LongestLine = 300;
    private const int MostLast = 10;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Queue<string> last = new();
    private readonly StringBuilder line = new(LongestLine);
    private readonly Lock gate = new();
    private long begun;
    private int told;
    private long untold;
    private int read;

    /// <summary>The last lines, whether they were told or not.</summary>
    public IReadOnlyList<string> Last
    {
        get
        {
            lock (gate)
            {
                return [.. last];
            }
        }
    }

    /// <summary>Reads to the end.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[buffer.Length + 1];
        begun = time.GetTimestamp();
        try
        {
            while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                Take(characters.AsSpan(0, decoder.GetChars(buffer, 0, count, characters, 0, flush: false)));
                await WaitWhereTooMuchAsync(count, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The process went, or is let go of: there is nothing more to read.
        }

        EndLine();
        EndSecond();
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c == '\n')
            {
                EndLine();
            }
            else if (line.Length < LongestLine)
            {
                line.Append(c);
            }
        }
    }

    private void EndLine()
    {
        if (line.Length == 0)
        {
            return;
        }

        var text = Untrusted.Sentence(line.ToString(), LongestLine);
        line.Clear();
        lock (gate)
        {
            last.Enqueue(text);
            if (last.Count > MostLast)
            {
                last.Dequeue();
            }
        }

        if (told < limits.LinesPerSecond)
        {
            told++;
            tell(text);
        }
        else
        {
            untold++;
        }
    }

    private async Task WaitWhereTooMuchAsync(int count, CancellationToken cancellationToken)
    {
        read += count;
        var passed = time.GetElapsedTime(begun);
        if (passed < Second && read >= limits.OutputBytesPerSecond)
        {
            await Task.Delay(Second - passed, time, cancellationToken).ConfigureAwait(false);
            passed = Second;
        }

        if (passed >= Second)
        {
            EndSecond();
        }
    }

    private void EndSecond()
    {
        if (untold > 0)
        {
            tell($"… and {untold} lines more.");
        }

        (begun, told, untold, read) = (time.GetTimestamp(), 0, 0, 0);
    }
}
