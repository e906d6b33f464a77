using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Tarmak.Grains.Tests")]
