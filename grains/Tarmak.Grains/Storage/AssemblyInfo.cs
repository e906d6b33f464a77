using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Tarmak.Grains.Tests")]
[assembly: InternalsVisibleTo("Tarmak.Gateway.Tests")]
