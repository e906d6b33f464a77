using System.Formats.Tar;
using System.Text;

namespace Tarmak.Providers.Container.Engine;

/// <summary>Entries of archives put into containers; all belong to root.</summary>
internal static class TarFiles
{
    public static TarEntry File(string path, string content, int mode) => File(path, Encoding.UTF8.GetBytes(content), mode);

    public static TarEntry File(string path, byte[] content, int mode) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)mode, Uid = 0, Gid = 0, DataStream = new MemoryStream(content) };

    public static TarEntry Folder(string path, int mode) =>
        new PaxTarEntry(TarEntryType.Directory, path) { Mode = (UnixFileMode)mode, Uid = 0, Gid = 0 };

    public static TarEntry Link(string path, string target) =>
        new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, Uid = 0, Gid = 0, Mode = (UnixFileMode)0x1FF };
}
