# zsh completion for the crm commands; make install puts the #compdef line, with
# their names, before this. It asks the command itself for its options.
_crm_operands() {
	local -a list
	list=("${(@f)$(_call_program operands $words[1] --crm-operands 2>/dev/null)}")
	[[ -n $list[1] ]] && compadd -a list
	_files
}
_crm() {
	local line letter name arg how help action
	local -a field specs

	for line in "${(@f)$(_call_program options $words[1] --crm-options 2>/dev/null)}"; do
		field=("${(@ps:\t:)line}")
		letter=$field[1] name=$field[2] arg=$field[3] how=$field[4]
		help=${field[5]//(#m)[][:\\]/\\$MATCH}
		if [[ -z $arg ]]; then
			specs+=("*--${name}[$help]")
			[[ -n $letter ]] && specs+=("*-${letter}[$help]")
			continue
		fi
		case $how in
		'='*) action="(${${how#=}//,/ })" ;;
		file) action=_files ;;
		dir)  action='_files -/' ;;
		*)    action=' ' ;;
		esac
		specs+=("*--${name}=[$help]:$arg:$action")
		[[ -n $letter ]] && specs+=("*-${letter}+[$help]:$arg:$action")
	done
	_arguments -s -S $specs '*:operand:_crm_operands'
}
_crm "$@"
