namespace Tarmak.Cli.Follow;

/// <summary>Shows the user what is going on.</summary>
internal interface IFollowView
{
    /// <summary>Runs the work while showing it.</summary>
    /// <param name="work">The work.</param>
    Task<FollowVerdict> ShowAsync(Func<Task<FollowVerdict>> work);

    /// <summary>A resource changed.</summary>
    /// <param name="resource">The resource.</param>
    void Changed(Resource resource);

    /// <summary>Something happened to the connection.</summary>
    /// <param name="sentence">What; empty: it is well again.</param>
    void Notice(string sentence);

    /// <summary>Time has passed.</summary>
    void Tick();
}
