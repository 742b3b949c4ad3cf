/* pack.c - a flat record as one line of text. */
#include "base/pack.h"

#include <string.h>

static void
add_escaped(struct buf *b, const char *s)
{
	size_t plain;

	for (;; s++) {
		plain = strcspn(s, ";=\n\\");
		buf_add(b, s, plain);
		s += plain;
		if (*s == '\0')
			return;
		if (*s == '\n') {
			buf_adds(b, "\\n");
			continue;
		}
		buf_addc(b, '\\');
		buf_addc(b, *s);
	}
}

void
pack_add(struct buf *b, const char *name, const char *value)
{
	if (b->len != 0)
		buf_adds(b, "; ");
	add_escaped(b, name);
	if (value != NULL) {
		buf_addc(b, '=');
		add_escaped(b, value);
	}
}

/*
 * Cut the text at *at where the first bare character of stops stands, and
 * undo its escapes in place. Returns the text; *at is then after the cut and
 * *stop the character cut at, or NUL at the end.
 */
static char *
cut(char **at, const char *stops, char *stop)
{
	char *text = *at, *from = text, *to = text;

	for (; *from != '\0' && strchr(stops, *from) == NULL; from++) {
		*to = *from;
		if (from[0] == '\\' && from[1] != '\0') {
			from++;
			*to = *from;
			if (*from == 'n')
				*to = '\n';
		}
		to++;
	}
	*stop = *from;
	*at = *from != '\0' ? from + 1 : from;
	*to = '\0';
	return text;
}

void
pack_split(struct arena *a, const char *text, struct pack_member **out,
    size_t *count)
{
	char *at = arena_strdup(a, text), stop;
	const char *p;
	size_t most = 1;
	struct pack_member m;

	for (p = text; (p = strchr(p, ';')) != NULL; p++)
		most++;
	*out = arena_alloc(a, most * sizeof(**out));
	*count = 0;
	while (*at != '\0') {
		m.name = cut(&at, "=;", &stop);
		m.value = stop == '=' ? cut(&at, ";", &stop) : NULL;
		if (stop == ';' && *at == ' ')
			at++;
		if (*m.name != '\0' || m.value != NULL)
			(*out)[(*count)++] = m;
	}
}

const struct pack_member *
pack_find(const struct pack_member *list, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}
