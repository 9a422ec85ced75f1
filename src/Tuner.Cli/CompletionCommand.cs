using System.CommandLine;

namespace Tuner.Cli;

/// <summary><c>tuner completion bash|zsh|fish</c>: a script that lets a shell complete what is typed; tuner itself says with what.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # tuner completion for bash. Load it with: eval "$(tuner completion bash)"
        _tuner() {
            local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
            local line=${COMP_LINE:0:COMP_POINT}
            local answers=$(command "${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            # Options are for who begins one; whoever does not may want a file.
            [[ $word == -* ]] || answers=$(grep -v '^-' <<< "$answers")
            COMPREPLY=($(compgen -W "$answers" -- "$word"))
        }
        complete -o default -F _tuner tuner

        """;

    private const string Zsh = """
        #compdef tuner
        # tuner completion for zsh. Load it with: eval "$(tuner completion zsh)"
        _tuner() {
            local -a answers
            answers=("${(@f)$(command tuner "[suggest:${#LBUFFER}]" "$LBUFFER" 2>/dev/null)}")
            # Options are for who begins one; whoever does not may want a file.
            [[ $PREFIX == -* ]] || answers=("${(@)answers:#-*}")
            if [[ -n ${answers[1]} ]]; then compadd -a answers; else _files; fi
        }
        compdef _tuner tuner

        """;

    private const string Fish = """
        # tuner completion for fish. Load it with: tuner completion fish | source
        function __tuner_answers
            set -l line (commandline -cp)
            command tuner "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c tuner -a '(__tuner_answers)'

        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion",
            """
            Print a script that completes commands, options and their values.

            Examples:
              eval "$(tuner completion bash)"
              tuner completion fish | source
            """)
        { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(parsed.GetRequiredValue(shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Bash,
        }));
        return command;
    }
}
