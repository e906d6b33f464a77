namespace Tarmak.Cli.Completion;

/// <summary>Completion scripts. They ask the program itself, so they never fall behind it.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # bash completion for tarmak; load it with: source <(tarmak completion bash)
        _tarmak() {
            local word=${COMP_WORDS[COMP_CWORD]} line
            local previous=${COMP_WORDS[COMP_CWORD-1]}
            COMPREPLY=()
            case $previous in
                -f|--file) mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames; return ;;
                --dir) mapfile -t COMPREPLY < <(compgen -d -- "$word"); compopt -o filenames; return ;;
            esac
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _tarmak tarmak ./tarmak

        """;

    private const string Zsh = """
        #compdef tarmak
        # zsh completion for tarmak; load it with: source <(tarmak completion zsh)
        _tarmak() {
            case $words[CURRENT-1] in
                -f|--file) _files; return ;;
                --dir) _files -/; return ;;
            esac
            local -a candidates
            candidates=("${(@f)$($words[1] __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            compadd -- ${candidates:#}
        }
        compdef _tarmak tarmak ./tarmak

        """;

    private const string Fish = """
        # fish completion for tarmak; load it with: tarmak completion fish | source
        function __tarmak_complete
            set -l words (commandline -opc) (commandline -ct)
            $words[1] __complete -- $words[2..-1] 2>/dev/null
        end
        complete -c tarmak -f -a '(__tarmak_complete)'
        complete -c tarmak -s f -l file -r -F
        complete -c tarmak -l dir -r -a '(__fish_complete_directories)'

        """;

    /// <summary>The script for a shell.</summary>
    /// <param name="shell">bash, zsh or fish.</param>
    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
