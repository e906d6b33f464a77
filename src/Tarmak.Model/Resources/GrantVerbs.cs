namespace Tarmak.Model.Resources;

/// <summary>What may be done with what is granted.</summary>
public static class GrantVerbs
{
    /// <summary>Read it.</summary>
    public const string Read = "read";

    /// <summary>Have a certificate signed by it, of an authority. Its key stays where it is.</summary>
    public const string Sign = "sign";

    /// <summary>Pull images, of a repository.</summary>
    public const string Pull = "pull";

    /// <summary>Push images, of a repository. The engine gives it to no instance; a policy of the provider may.</summary>
    public const string Push = "push";
}
