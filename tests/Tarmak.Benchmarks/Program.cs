using Tarmak.Benchmarks;

if (args is ["store", ..])
{
    await StoreBenchmark.RunAsync(TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1]) : 10));
    return 0;
}

await Console.Error.WriteLineAsync("usage: Tarmak.Benchmarks store [SECONDS]");
return 2;
