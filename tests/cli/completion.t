#!/bin/bash
# shellcheck shell=bash
# Completion in bash, zsh and fish: options, choices and files of a command come
# from the command itself.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
touch one.db two.db

# bash: the function itself, as bash would call it.
# shellcheck disable=SC2317	# called by _crm
compopt() { :; }
. "$top/completions/crm.bash"
in_bash() {	# in_bash WORD... - complete the last word
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_crm "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf '%s\n' "${COMPREPLY[@]}" >out
}
in_bash order-list --js
same 'bash: long options' out <<<'--json'
in_bash order-list --color ''
same 'bash: choices' out < <(printf '%s\n' auto always never)
in_bash order-list --color = al
same 'bash: choices after =' out <<<'always'
in_bash order-list -d t
same 'bash: files after a letter' out <<<'two.db'
in_bash order-list status
same 'bash: nothing made up for operands' out <<<''
in_bash crm-check su
same 'bash: operands that are known' out <<<'sums'
in_bash crm-reference status_g
same 'bash: the names of tables' out <<<'status_group'
in_bash crm-config cut
same 'bash: the names of settings' out <<<'cutoff'
in_bash no-such-command --x
same 'bash: nothing for a stranger' out <<<''

# fish tells what it would offer.
if command -v fish >/dev/null; then
	mkdir -p completions
	cp "$top/completions/crm.fish" completions/order-list.fish
	in_fish() {
		HOME=$work fish --no-config -c "
			set fish_complete_path $work/completions
			complete -C '$1'" 2>err | sort >out
	}
	in_fish 'order-list --js'
	same 'fish: long options, explained' out < <(printf '%s\t%s\n' --json \
	    "$(order-list --crm-options | awk -F'\t' '$2 == "json" { print $5 }')")
	cp "$top/completions/crm.fish" completions/crm-check.fish
	in_fish 'crm-check su'
	cut -f1 out >words
	same 'fish: operands that are known' words <<<'sums'
	in_fish 'order-list --color '
	cut -f1 out >words
	same 'fish: choices' words < <(printf '%s\n' always auto never)
	in_fish 'order-list -d t'
	cut -f1 out >words
	same 'fish: files after a letter' words <<<'two.db'
else
	skip 'fish' 'fish not installed'
fi

# zsh completes only in front of a terminal, so it gets one of its own; ^X there
# writes down what stands on the command line.
if command -v zsh >/dev/null; then
	{ echo '#compdef order-list'; cat "$top/completions/crm.zsh"; } >_crm
	cat >.zshrc <<-'EOF'
	fpath=($PWD $fpath)
	autoload -U compinit && compinit -u -D
	bindkey '^I' complete-word
	show() { print -r -- "$BUFFER" >line; mv line shown }
	zle -N show
	bindkey '^X' show
	EOF
	cat >terminal.zsh <<-'EOF'
	zmodload zsh/zpty
	zpty shell zsh -d -i
	zpty -n -w shell "$1"$'\t'$'\x18'
	for ((i = 0; i < 200; i++)); do
		[[ -e shown ]] && break
		sleep 0.05
	done
	zpty -d shell
	EOF
	in_zsh() {	# in_zsh LINE - what TAB makes of it
		rm -f shown
		ZDOTDIR=$work HOME=$work TERM=vt100 zsh -d -f terminal.zsh "$1" >err 2>&1
		sed 's/ *$//' shown >out
	}
	in_zsh 'order-list --js'
	same 'zsh: long options' out <<<'order-list --json'
	in_zsh 'order-list --color nev'
	same 'zsh: choices' out <<<'order-list --color never'
	in_zsh 'order-list --color=al'
	same 'zsh: choices after =' out <<<'order-list --color=always'
	in_zsh 'order-list -d tw'
	same 'zsh: files after a letter' out <<<'order-list -d two.db'
	{ echo '#compdef crm-check'; tail -n +2 _crm; } >_crm-check
	in_zsh 'crm-check su'
	same 'zsh: operands that are known' out <<<'crm-check sums'
	in_zsh 'order-list one'
	same 'zsh: files as operands' out <<<'order-list one.db'
else
	skip 'zsh' 'zsh not installed'
fi
done_testing
