using System.Text;

namespace Tarmak.Cli.Manifests;

/// <summary>Reads the files a user names.</summary>
internal static class ManifestFiles
{
    // The model refuses far less, and says so with a position; this only keeps an endless device out of memory.
    private const int Largest = 32 * 1024 * 1024;
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all files; a directory stands for its manifests, <c>-</c> for standard input.</summary>
    /// <param name="names">What the user named.</param>
    /// <param name="input">Standard input.</param>
    public static IReadOnlyList<ManifestFile> Read(IEnumerable<string> names, TextReader input)
    {
        var files = new List<ManifestFile>();
        var problems = new List<string>();
        foreach (var name in names.SelectMany(Expand))
        {
            try
            {
                files.Add(new ManifestFile { Name = name == "-" ? "stdin" : name, Content = name == "-" ? ReadInput(input) : ReadOne(name) });
            }
            catch (CliException exception)
            {
                problems.Add(exception.Message);
            }
        }

        return problems.Count == 0 ? files : throw new CliException(string.Join('\n', problems), ExitCode.Usage) { Bare = true };
    }

    private static string[] Expand(string name) =>
        Directory.Exists(name)
            ? [.. Directory.EnumerateFiles(name).Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal)]
            : [name];

    private static string ReadInput(TextReader input)
    {
        var text = new StringBuilder();
        var chunk = new char[81920];
        for (var read = input.Read(chunk); read > 0; read = input.Read(chunk))
        {
            if (text.Append(chunk, 0, read).Length > Largest)
            {
                throw TooLarge("stdin");
            }
        }

        return text.ToString();
    }

    private static CliException TooLarge(string name) => new($"{name}: the file is larger than any manifest may be.", ExitCode.Usage);

    private static string ReadOne(string name)
    {
        try
        {
            using var stream = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var buffer = new MemoryStream();
            var chunk = new byte[81920];
            for (var read = stream.Read(chunk); read > 0; read = stream.Read(chunk))
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > Largest)
                {
                    throw TooLarge(name);
                }
            }

            return s_strict.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException($"{name}: there is no such file.", ExitCode.Usage);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CliException($"{name}: the file may not be read by this user.", ExitCode.Usage);
        }
        catch (DecoderFallbackException)
        {
            throw new CliException($"{name}: the file is not UTF-8 text.", ExitCode.Usage);
        }
        catch (IOException exception)
        {
            throw new CliException($"{name}: the file cannot be read: {exception.Message}", ExitCode.Usage);
        }
    }
}
