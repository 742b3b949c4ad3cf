/* export_words.c - words for our codes, out of the files of receivers. */
#include "app/export_words.h"

#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crm/shop.h"
#include "export/codes.h"

/* The words of crm.conf's file go before those that come with the kind. */
const struct err *
export_words_read(struct cli *cli, const struct config_receiver *r,
    struct codes *out)
{
	const char *share = config_get(cli->config, CONFIG_SHARE);
	const struct err *err;
	const char *path;

	if (r->codes != NULL &&
	    (err = codes_read(r->codes, &cli->arena, out)) != NULL)
		return err;
	if (share == NULL)
		return NULL;
	path =
	    arena_printf(&cli->arena, "%s/receivers/%s.codes", share, r->kind);
	if (access(path, F_OK) != 0)
		return NULL;
	return codes_read(path, &cli->arena, out);
}

const char *
export_words_status(const struct codes *c, const struct status *st)
{
	const char *word = codes_get(c, "status", st->code);

	return word != NULL ? word : codes_get(c, "group", st->group);
}

bool
export_words_same(struct cli *cli, const struct shop *s, const char *source,
    const char *x, const char *y)
{
	const struct status *a = shop_status(s, x), *b = shop_status(s, y);
	const struct config *c = cli->config;
	const char *word, *other;
	size_t i;

	if (a == NULL || b == NULL)
		return false;
	for (i = 0; i < c->receiver_count; i++) {
		struct codes codes = { 0 };

		if (strcmp(c->receivers[i].source, source) != 0 ||
		    export_words_read(cli, &c->receivers[i], &codes) != NULL)
			continue;
		word = export_words_status(&codes, a);
		other = export_words_status(&codes, b);
		if (word != NULL && other != NULL && strcmp(word, other) == 0)
			return true;
	}
	return false;
}
