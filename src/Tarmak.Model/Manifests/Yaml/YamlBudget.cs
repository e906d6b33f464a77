namespace Tarmak.Model.Manifests.Yaml;

/// <summary>What is left of what one request may hold, over all its files.</summary>
internal sealed class YamlBudget
{
    /// <summary>Most documents.</summary>
    public const int MostDocuments = 1000;

    /// <summary>Most nodes that aliases may add.</summary>
    public const int MostAliasedNodes = 10_000;

    private int documents = MostDocuments;
    private long aliasedNodes = MostAliasedNodes;

    /// <summary>Takes one document; false when there are too many.</summary>
    public bool TakeDocument() => --documents >= 0;

    /// <summary>Takes the nodes an alias stands for; false when there are too many.</summary>
    public bool TakeAliased(long nodes) => (aliasedNodes -= nodes) >= 0;
}
