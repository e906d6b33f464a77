using System.Formats.Tar;
using System.Text;

namespace Tarmak.Providers.Container.Engine;

/// <summary>Entries of archives put into containers; all belong to root.</summary>
internal static class TarFiles
{
    /// <summary>0600.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644.</summary>
    public const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755, of programs and folders.</summary>
    public const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static TarEntry File(string path, string content, UnixFileMode mode) => File(path, Encoding.UTF8.GetBytes(content), mode);

    public static TarEntry File(string path, byte[] content, UnixFileMode mode) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, Uid = 0, Gid = 0, DataStream = new MemoryStream(content) };

    public static TarEntry Folder(string path, UnixFileMode mode) =>
        new PaxTarEntry(TarEntryType.Directory, path) { Mode = mode, Uid = 0, Gid = 0 };

    public static TarEntry Link(string path, string target) =>
        new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, Uid = 0, Gid = 0, Mode = Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite };
}
