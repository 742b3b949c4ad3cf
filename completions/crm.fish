# fish completion for the crm commands; installed once a command, as NAME.fish.
# It asks the command itself for its options.
set -l cmd (basename (status filename) .fish)

complete -c $cmd -a "($cmd --crm-operands 2>/dev/null)"
$cmd --crm-options 2>/dev/null | while read -l line
    set -l field (string split \t -- $line)
    set -l spec -c $cmd -l $field[2] -d $field[5]
    if test -n "$field[1]"
        set -a spec -s $field[1]
    end
    switch "$field[3] $field[4]"
        case ' *' # takes no argument
        case '* =*'
            set -a spec -x -a (string replace -a , ' ' -- (string sub -s 2 -- $field[4]))
        case '* file' '* dir'
            set -a spec -r -F
        case '*'
            set -a spec -x
    end
    complete $spec
end
