# bash completion for the crm commands -*- shell-script -*-
# Asks the command itself for its options, so it cannot fall behind.
_crm()
{
	local cmd=$1 cur=$2 prev=$3 letter name arg how option=
	local -a words=()

	# "--name=value" comes as three words; "--" ends the options.
	if [[ $cur == = ]]; then
		cur='' option=$prev
	elif [[ $prev == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	else
		option=$prev
	fi
	while IFS=$'\x1f' read -r letter name arg how _; do
		words+=("--$name")
		[[ -n $arg ]] || continue
		[[ $option == "--$name" || -n $letter && $option == "-$letter" ]] || continue
		case $how in
		=*) mapfile -t COMPREPLY < <(compgen -W "${how//[=,]/ }" -- "$cur") ;;
		file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
		dir) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
		esac
		return
	done < <("$cmd" --crm-options 2>/dev/null | tr '\t' '\037')
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -W \
		    "$("$cmd" --crm-operands 2>/dev/null)" -- "$cur")
		compopt -o default	# operands may be files
	fi
}
complete -F _crm "${BASH_SOURCE[0]##*/}"
