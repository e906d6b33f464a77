using Spectre.Console;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Follow;

/// <summary>Progress on a terminal: a tree that changes in place.</summary>
internal sealed class TreeView : IFollowView
{
    private readonly IAnsiConsole _console;
    private readonly Func<(int Width, int Height)> _size;
    private readonly FollowState _state;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private LiveDisplayContext? _live;
    private string _notice = "";

    /// <summary>Draws to a console.</summary>
    /// <param name="console">The console.</param>
    /// <param name="size">Its size.</param>
    /// <param name="state">What is known.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begun">Timestamp the elapsed time counts from.</param>
    public TreeView(IAnsiConsole console, Func<(int Width, int Height)> size, FollowState state, TimeProvider time, long begun)
    {
        _console = console;
        _size = size;
        _state = state;
        _time = time;
        _begun = begun;
    }

    /// <inheritdoc/>
    public Task<FollowVerdict> ShowAsync(Func<Task<FollowVerdict>> work) =>
        _console.Live(Draw())
            .AutoClear(false)
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async live =>
            {
                _live = live;
                try
                {
                    var verdict = await work();
                    Refresh();
                    return verdict;
                }
                finally
                {
                    _live = null;
                }
            });

    /// <inheritdoc/>
    public void Changed(Resource resource)
    {
        // The next tick draws it: four frames a second are enough, and steady.
    }

    /// <inheritdoc/>
    public void Notice(string sentence) => _notice = sentence;

    /// <inheritdoc/>
    public void Tick() => Refresh();

    private void Refresh()
    {
        _live?.UpdateTarget(Draw());
        _live?.Refresh();
    }

    private Rows Draw()
    {
        var (width, height) = _size();
        var lines = ProgressTree.Render(_state, _time.GetUtcNow(), _time.GetElapsedTime(_begun), width - 1, height - 2, _notice);
        return new Rows(lines.Select(line =>
        {
            var paragraph = new Paragraph { Overflow = Overflow.Crop };
            foreach (var part in line)
            {
                paragraph.Append(part.Text, part.Tone.Style());
            }

            return paragraph;
        }));
    }
}
