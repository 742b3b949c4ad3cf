# GNU make. "make" builds into $(B); "make help" lists the rest.
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)	# as many jobs as processors; -jN says otherwise
MAKEFLAGS += -j$(shell nproc)
endif

VERSION     := 0.1
PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
DATADIR     := $(BINDIR)/../share/crm	# commands look for it beside themselves
DATADIR     := $(abspath $(DATADIR))
MANDIR      ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
B           ?= build

ifeq ($(origin CC),default)	# "CC ?= gcc" would do nothing: make predefines CC
CC := gcc
endif
PKG_CONFIG  ?= pkg-config
PKGS        := sqlite3 xlsxwriter libconfuse libutf8proc expat libzip libcurl
CFLAGS      ?= -O2 -g
HARDEN      ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 \
	-Wswitch-enum -Wundef -Wdouble-promotion -Wfloat-equal \
	-Wnull-dereference -Wimplicit-fallthrough -fno-common

# Which SQLite the commands carry: to Debian's revision, for its security updates.
SQLITE       := $(shell dpkg-query -Wf '$${Version}' libsqlite3-dev 2>/dev/null || \
	$(PKG_CONFIG) --modversion sqlite3)
PKGS_FOUND   := $(shell $(PKG_CONFIG) --exists $(PKGS) 2>/dev/null && echo yes)
CPPFLAGS_ALL := -Ilib -D_GNU_SOURCE -DCRM_VERSION='"$(VERSION)"' \
	-DCRM_SQLITE='"$(SQLITE)"' \
	$(if $(PKGS_FOUND),$(shell $(PKG_CONFIG) --cflags $(PKGS))) $(CPPFLAGS)
CFLAGS_ALL   := -std=c17 $(WARN) $(HARDEN) $(CFLAGS)
LDFLAGS_ALL  := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS)
LDLIBS_SHARED := $(if $(PKGS_FOUND),$(shell $(PKG_CONFIG) --libs $(PKGS)))
# SQLite from its archive: no symbols to look up at start, no PLT to call through.
LDLIBS       := $(subst -lsqlite3,-l:libsqlite3.a -lm,$(LDLIBS_SHARED))

CMDS  := $(sort $(patsubst cmd/%.c,%,$(wildcard cmd/*.c)))
SRCS  := $(sort $(wildcard cmd/*.c lib/*/*.c))
SQL   := $(sort $(wildcard lib/db/schema/[0-9]*.sql)) lib/db/schema/views.sql
UNITS := $(sort $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c)))
FUZZ  := $(sort $(patsubst tests/fuzz/%.c,%,\
	$(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))))
MANS  := $(sort $(wildcard man/*.[1-8]))
SHARE := $(sort $(patsubst share/%,%,$(shell find share -type f)))
LIB   := $(patsubst %.c,$(B)/%.o,\
	$(filter-out cmd/% lib/cli/main.c,$(SRCS))) $(B)/lib/db/schema.o

# Quiet unless V=1: $(call say,CC,file) and $(Q) in front of the command.
ifeq ($(V),)
Q := @
say = @echo '$(1)' '$(2)'
endif

all: $(CMDS:%=$(B)/bin/%) $(B)/share/crm

COMPILE = $(if $(PKGS_FOUND),,$(error libraries are missing: run 'make deps'))\
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
LINK = $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(B)/%.o: %.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE)
$(B)/lib/db/schema.o: $(B)/lib/db/schema.c Makefile
	$(call say,CC,$<)
	$(Q)$(COMPILE) -Wno-overlength-strings
$(B)/lib/db/schema.c: lib/db/embed.awk $(SQL)
	$(call say,AWK,$@)
	@mkdir -p $(@D)
	$(Q)awk -f lib/db/embed.awk $(SQL) >$@
$(B)/libcrm.a: $(LIB)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(B)/bin/%: $(B)/cmd/%.o $(B)/lib/cli/main.o $(B)/libcrm.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK)
$(B)/unit/%: $(B)/tests/unit/%.o $(B)/libcrm.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(shell $(PKG_CONFIG) --libs cmocka)
# A build tree is laid out as an installation, so that commands find share/.
$(B)/share/crm:
	@mkdir -p $(@D)
	@ln -sfn $(CURDIR)/share $@

help:
	@sed -n 's/^## //p' Makefile

## all          the commands, into build/bin (B=DIR: elsewhere)
## deps         install the Debian packages that build and tests need
##              (TIER=slow: those of check-slow too)
deps:
	@tests/deps.sh build check $(TIER)

## demo         build, then a day in a small shop, into crm-demo/
demo:
	@tests/deps.sh build
	@$(MAKE) run-demo
run-demo: all
	@share/examples/demo.sh $(abspath $(B)/bin)

## check        build, then all quick tests (TESTS='...': only these)
check:
	@tests/deps.sh build check
	@$(MAKE) run-check

TESTS      ?= $(UNITS:%=$(B)/unit/%) \
	$(sort $(wildcard tests/unit/*.t tests/cli/*.t tests/pipe/*.t tests/lint/*.t))
PROVEFLAGS ?= -j$(shell nproc)
# $(call prove,DIR): with the commands of DIR/bin
prove = CRM_BUILD=$(abspath $(1)) CMOCKA_MESSAGE_OUTPUT=TAP CC=$(CC) \
	prove --exec '' $(PROVEFLAGS)
run-check: all units fuzzers helpers $(B)/bench/bigshop
	@$(call prove,$(B)) $(TESTS)
units: $(UNITS:%=$(B)/unit/%)
helpers: $(B)/helper/replyd
$(B)/helper/replyd: LDLIBS += -lz
$(B)/helper/%: $(B)/tests/helper/%.o $(B)/libcrm.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK)

## check-asan   the same under AddressSanitizer and UBSan
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
check-asan:
	@$(MAKE) B=$(B)/asan HARDEN=-fPIE LDFLAGS='$(SAN)' \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer $(SAN)' run-check

check-clang:
	@$(MAKE) B=$(B)/clang CC=clang CFLAGS='-O2 -g -Werror' run-check

## check-valgrind  the tests of the commands under valgrind
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full \
	--errors-for-leak-kinds=definite
check-valgrind: all helpers
	@mkdir -p $(B)/valgrind/bin
	@for c in $(CMDS); do \
	    printf '#!/bin/sh\nexec $(VALGRIND) $(abspath $(B))/bin/%s "$$@"\n' $$c \
		>$(B)/valgrind/bin/$$c; \
	    chmod +x $(B)/valgrind/bin/$$c; done
	@$(call prove,$(B)/valgrind) $(sort $(wildcard tests/cli/*.t))

## check-data   DATA=DIR: figures for the data sets in DIR against the known ones
check-data: all $(B)/bench/bigshop
	@$(if $(DATA),,$(error say where the data sets are: make check-data DATA=DIR))
	@CRM_DATA=$(abspath $(DATA)) $(call prove,$(B)) $(sort $(wildcard tests/data/*.t))

## check-slow   sanitizers, clang, valgrind, lint, fuzzing, install, LibreOffice
# $(call step,NAME,COMMAND): one line each; what it says goes to a log.
define step
+@mkdir -p $(B)/ci; printf '%-9s ' $(1); start=$$(date +%s); \
if $(2) >$(B)/ci/$(1).log 2>&1 </dev/null; then \
	echo "ok, $$(($$(date +%s) - start)) s"; \
else \
	echo 'FAILED; the end of $(B)/ci/$(1).log:'; \
	tail -n 50 $(B)/ci/$(1).log; exit 1; \
fi
endef
check-slow:
	$(call step,asan,$(MAKE) check-asan)
	$(call step,clang,$(MAKE) check-clang)
	$(call step,lint,$(MAKE) lint)
	$(call step,valgrind,$(MAKE) check-valgrind)
	$(call step,fuzz,$(MAKE) fuzz FUZZ_TIME=10)
	$(call step,slow,$(MAKE) run-slow)
run-slow: all $(B)/bench/bigshop
	@$(call prove,$(B)) $(sort $(wildcard tests/slow/*.t tests/torture/*.t))

## torture      kills, full disks, crowds, garbage: in turns, for TIME (30m)
TIME ?= 30m
torture: all
	@CRM_BUILD=$(abspath $(B)) tests/torture/run.sh $(TIME)

## lint         clang-tidy, clang-format, cppcheck, gcc's analyzer, shellcheck
lint: $(SRCS:%=$(B)/tidy/%.ok)
	@clang-format --dry-run -Werror $(SRCS) $(wildcard lib/*/*.h tests/*/*.[ch])
	@cppcheck -q --error-exitcode=1 --std=c11 --inline-suppr \
	    -Ilib -D_GNU_SOURCE -DCRM_VERSION='""' -DCRM_SQLITE='""' \
	    --enable=warning,style,performance,portability \
	    --suppress=missingIncludeSystem --suppress=variableScope cmd lib
	@$(MAKE) B=$(B)/analyze CC=gcc CFLAGS='-O2 -g -fanalyzer -Werror' all units
	@shellcheck .ci/run $(wildcard tests/*.sh tests/*/*.sh tests/*/*.t share/*/*.sh)
	@shellcheck -s bash completions/crm.bash
	@zsh -n completions/crm.zsh
	@fish -n completions/crm.fish
# One process a file: several in one give false reports (LLVM bug 41311).
$(B)/tidy/%.ok: % .clang-tidy $(wildcard lib/*/*.h)
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- -std=c17 $(CPPFLAGS_ALL) 2>$@.log || \
	    { cat $@.log; exit 1; }
	@touch $@

## fuzz         each fuzzer for FUZZ_TIME (60) seconds
FUZZ_TIME ?= 60
FUZZ_SAN  := fuzzer-no-link,address,undefined
FUZZ_MAIN := $(B)/tests/fuzz/replay.o	# empty when libFuzzer brings its own
fuzzers: $(FUZZ:%=$(B)/fuzz/%)
$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(FUZZ_MAIN) $(B)/libcrm.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK)
fuzz:
	@$(MAKE) B=$(B)/fuzzing CC=clang HARDEN=-fPIE FUZZ_MAIN= \
	    CFLAGS='-O1 -g -fsanitize=$(FUZZ_SAN)' \
	    LDFLAGS='-fsanitize=fuzzer,address,undefined' run-fuzz
run-fuzz: $(FUZZ:%=run-fuzz-%)
$(FUZZ:%=run-fuzz-%): run-fuzz-%: $(B)/fuzz/%
	$(call say,FUZZ,$*)
	@mkdir -p $(B)/corpus/$*
	$(Q)$< -max_total_time=$(FUZZ_TIME) -print_final_stats=1 -verbosity=0 \
	    -timeout=10 -artifact_prefix=$(B)/corpus/crash-$*- \
	    $(B)/corpus/$* tests/fuzz/corpus/$*

## bench        everything that must be fast beside the least it can take
##              (ORDERS='100000 1000000' RUNS=5); the table: build/bench/table.txt
ORDERS     ?= 100000
BENCH      := bigshop floor loops pairs parse status1 xlsxloop
BENCH_NODE := $(B)/bench/node_modules/@duckdb/node-bindings-linux-x64
bench: all $(BENCH:%=$(B)/bench/%)
	@tests/deps.sh bench
	@$(MAKE) $(B)/bench/duck >$(B)/bench/duck.log 2>&1 || \
	    { echo 'no DuckDB: '; tail -n 3 $(B)/bench/duck.log; }
	@RUNS=$(RUNS) tests/bench/run.sh $(abspath $(B)) $(ORDERS) | \
	    tee $(B)/bench/table.txt
$(B)/bench/bigshop: $(B)/tests/bench/bigshop_draw.o \
	$(B)/tests/bench/bigshop_write.o
$(B)/bench/parse: LDLIBS += -lcjson
$(B)/bench/pairs $(B)/bench/loops: $(B)/tests/bench/child.o
# Peers are linked as anybody would.
$(B)/bench/floor $(B)/bench/status1: LDLIBS = $(LDLIBS_SHARED)
$(B)/bench/%: $(B)/tests/bench/%.o $(B)/libcrm.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK)
$(B)/bench/duck: $(B)/tests/bench/duck.o $(BENCH_NODE)/libduckdb.so
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ \
	    -Wl,-rpath,$(abspath $(BENCH_NODE))
## bench-instructions  save what tests/slow/instructions.t compares with
bench-instructions: all $(B)/bench/bigshop
	@CRM_BUILD=$(abspath $(B)) \
	    CRM_SAVE=$(CURDIR)/tests/bench/instructions.tsv tests/slow/instructions.t
$(BENCH_NODE)/libduckdb.so:
	@mkdir -p $(B)/bench
	npm install --silent --prefix $(B)/bench @duckdb/node-api@1.5.6-r.1

## coverage     lines that the quick tests run, by file
coverage:
	@$(MAKE) B=$(B)/cov HARDEN=-fPIE CFLAGS='-O0 -g --coverage' \
	    LDFLAGS=--coverage run-check
	@for f in $(SRCS); do gcov -n -o $(B)/cov/$${f%/*} $$f 2>/dev/null | \
	    awk -v f=$$f '$$2 == "\47" f "\47" { getline; sub(/.*:/, ""); print f, $$0 }'; \
	    done | awk '{ print; all += $$4; hit += $$4 * $$2 / 100 } \
	    END { printf "all %.1f%% of %d\n", 100 * hit / all, all }'

## install      into PREFIX (/usr/local), below DESTDIR
INSTALLED = $(CMDS:%=$(BINDIR)/%) $(SHARE:%=$(DATADIR)/%) \
	$(foreach m,$(MANS),$(MANDIR)/man$(subst .,,$(suffix $m))/$(notdir $m)) \
	$(BASHCOMPDIR)/crm $(CMDS:%=$(BASHCOMPDIR)/%) \
	$(ZSHCOMPDIR)/_crm $(CMDS:%=$(FISHCOMPDIR)/%.fish)
install: all
	install -d $(sort $(dir $(INSTALLED:%=$(DESTDIR)%)))
	install -m 755 $(CMDS:%=$(B)/bin/%) $(DESTDIR)$(BINDIR)
	set -e; for m in $(MANS); do \
	    install -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.}; done
	set -e; for f in $(SHARE); do \
	    cp -p share/$$f $(DESTDIR)$(DATADIR)/$$f; done
	install -m 644 completions/crm.bash $(DESTDIR)$(BASHCOMPDIR)/crm
	set -e; for c in $(CMDS); do \
	    ln -sf crm $(DESTDIR)$(BASHCOMPDIR)/$$c; \
	    install -m 644 completions/crm.fish $(DESTDIR)$(FISHCOMPDIR)/$$c.fish; \
	    done
	{ echo '#compdef $(CMDS)'; cat completions/crm.zsh; } \
	    >$(DESTDIR)$(ZSHCOMPDIR)/_crm

## uninstall    take away exactly what install put there
uninstall:
	rm -f $(INSTALLED:%=$(DESTDIR)%)
	if [ -d $(DESTDIR)$(DATADIR) ]; then \
	    find $(DESTDIR)$(DATADIR) -depth -type d -empty -delete; fi

# What a package of us would hold; tests/slow/install.t compares.
installed-list:
	@$(MAKE) PREFIX=/usr print-installed >tests/fixtures/installed.txt
print-installed:
	@printf '%s\n' $(sort $(INSTALLED))

## dist         crm-VERSION.tar.gz of the last commit
dist:
	git archive --prefix=crm-$(VERSION)/ HEAD | gzip -9n >crm-$(VERSION).tar.gz

## ci           what the continuous integration runs
ci:
	@.ci/run

## clean        remove build/
clean:
	rm -rf $(B)

.PHONY: all bench bench-instructions check check-asan check-clang check-data \
	check-slow check-valgrind ci clean coverage demo deps dist fuzz fuzzers help helpers \
	install \
	installed-list lint print-installed run-check run-demo run-fuzz \
	run-slow torture uninstall units $(FUZZ:%=run-fuzz-%)
-include $(patsubst %.c,$(B)/%.d,$(SRCS) $(wildcard tests/unit/*.c tests/fuzz/*.c \
	tests/bench/*.c)) \
	$(B)/lib/db/schema.d
