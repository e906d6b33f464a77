using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance;

/// <summary>
/// One check's share of the account: two openings of the provider, as two processes of the engine would have them, names
/// nobody else uses, and what has to be undone afterwards.
/// </summary>
public sealed class CheckScope : IAsyncDisposable
{
    private readonly ConformanceSubject subject;
    private readonly Stack<Func<CancellationToken, Task>> undo;
    private readonly List<IProvider> opened;
    private CheckScope? other;

    /// <summary>Where thinning begins.</summary>
    internal int Offset { get; init; }

    internal CheckScope(ConformanceSubject subject, string name, TimeProvider time, KitPlace? place = null)
        : this(subject, name, time, place, new(), [])
    {
    }

    private CheckScope(
        ConformanceSubject subject, string name, TimeProvider time, KitPlace? place, Stack<Func<CancellationToken, Task>> undo, List<IProvider> opened)
    {
        this.subject = subject;
        this.undo = undo;
        this.opened = opened;
        Place = place;
        Name = name;
        Time = time;
        Provider = Open();
    }

    /// <summary>The provider.</summary>
    public IProvider Provider { get; }

    /// <summary>The installation in the marks of what is made.</summary>
    public string Installation => subject.Installation;

    /// <summary>What checks stand on that need more than their own object; null for the place itself.</summary>
    internal KitPlace? Place { get; }

    /// <summary>Of demands that are made again and again, every how-many-th is made.</summary>
    internal int Share { get; init; } = 1;

    /// <summary>The zone the subject names.</summary>
    public string? Zone => subject.Zone;

    /// <summary>A name of <c>[a-z0-9-]</c> that only this check uses.</summary>
    public string Name { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Opens the provider once more, as an engine does that was killed and started again.</summary>
    /// <returns>The provider; the scope disposes of it.</returns>
    public IProvider Open()
    {
        var provider = subject.Open();
        opened.Add(provider);
        return provider;
    }

    /// <summary>
    /// The same at the other provider, where the subject has one: what is made there is undone together with what is made here,
    /// the last first. It has no place of its own.
    /// </summary>
    internal CheckScope? Other => other ??= subject.Other is { } one ? new CheckScope(one, Name, Time, null, undo, opened) : null;

    /// <summary>How faults are provoked; null: they cannot be.</summary>
    internal IFaultInjection? Faults => subject.Faults;

    /// <summary>What random sequences come of.</summary>
    internal int Seed { get; init; }

    /// <summary>A scope within this one, with openings, names and an end of its own.</summary>
    internal CheckScope Part(string part) => new(subject, $"{Name}-{part}", Time, Place) { Share = Share, Offset = Offset, Seed = Seed };

    /// <summary>Every n-th of what is tried again and again, at least one; which ones differs from check to check.</summary>
    internal IReadOnlyList<T> Thin<T>(IReadOnlyList<T> all)
    {
        if (Share <= 1 || all.Count <= 1)
        {
            return all;
        }

        var first = Offset % Math.Min(Share, all.Count);
        return [.. all.Where((_, index) => index % Share == first)];
    }

    /// <summary>Opens the provider for another installation in the same account.</summary>
    internal (string Installation, IProvider Provider) OpenAsAnother()
    {
        var name = $"{subject.Installation}-other";
        var provider = subject.OpenAs!(name);
        opened.Add(provider);
        return (name, provider);
    }

    /// <summary>Has something undone when the check is over, whatever its end; what was given last is undone first.</summary>
    /// <param name="step">Undoes it; absent is success.</param>
    public void Afterwards(Func<CancellationToken, Task> step) => undo.Push(step);

    /// <summary>The next thing to undo, or null where nothing is left.</summary>
    internal Func<CancellationToken, Task>? NextToUndo() => undo.TryPop(out var step) ? step : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var provider in opened)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }
}
