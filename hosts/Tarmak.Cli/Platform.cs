using System.Runtime.Versioning;

// The engine speaks over Unix sockets and file modes guard its secrets: Linux and macOS.
[assembly: UnsupportedOSPlatform("windows")]
