using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Progress on a pipe: one line per change.</summary>
internal sealed class LineView : IFollowView
{
    private readonly TextWriter _out;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private string _notice = "";

    /// <summary>Prints to a writer.</summary>
    /// <param name="output">The writer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begun">Timestamp the elapsed time counts from.</param>
    public LineView(TextWriter output, TimeProvider time, long begun)
    {
        _out = output;
        _time = time;
        _begun = begun;
    }

    /// <inheritdoc/>
    public Task<FollowVerdict> ShowAsync(Func<Task<FollowVerdict>> work) => work();

    /// <inheritdoc/>
    public void Changed(Resource resource)
    {
        var message = PlainText.Of(resource.Message);
        Print(message.Length > 0
            ? $"{ResourceKeys.Shown(resource.Key)}  {resource.Phase}  {message}"
            : $"{ResourceKeys.Shown(resource.Key)}  {resource.Phase}");
    }

    /// <inheritdoc/>
    public void Notice(string sentence)
    {
        // One line an outage, however often it is tried again.
        if (sentence.Length > 0 && sentence != _notice)
        {
            Print(sentence);
        }

        _notice = sentence;
    }

    /// <inheritdoc/>
    public void Tick()
    {
        // Nothing that changes by itself is on the page.
    }

    private void Print(string line)
    {
        _out.WriteLine($"{Durations.Exact(_time.GetElapsedTime(_begun))}  {line}");
        _out.Flush();
    }
}
