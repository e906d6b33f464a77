using System.Globalization;
using Tarmak.Benchmarks;

switch (args)
{
    case ["store", ..]:
        await StoreBenchmark.RunAsync(TimeSpan.FromSeconds(Number(10)));
        return 0;
    case ["get", var tarmak, ..]:
        await CommandBenchmark.RunAsync(tarmak, Number(200, at: 2));
        return 0;
    case ["cloud", ..]:
        await CloudBenchmark.RunAsync(Number(10_000));
        return 0;
    case ["budget", ..]:
        BudgetBenchmark.Run(Number(200));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Tarmak.Benchmarks store [SECONDS] | get PATH-OF-TARMAK [RUNS] | cloud [CLUSTERS] | budget [CLUSTERS]");
        return 2;
}

int Number(int otherwise, int at = 1) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
