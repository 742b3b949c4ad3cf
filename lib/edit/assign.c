/* assign.c - changes as a person types them. */
#include "edit/assign.h"

#include <string.h>

static const struct err *
assign_parse(const char *text, struct arena *a, struct assign *out)
{
	const char *equals = strchr(text, '=');
	size_t len = (size_t)(equals - text);

	*out = (struct assign){ .text = text, .value = equals + 1 };
	if (len != 0 && text[len - 1] == '+')
		out->op = ASSIGN_ADD;
	else if (len != 0 && text[len - 1] == '-')
		out->op = ASSIGN_REMOVE;
	if (out->op != ASSIGN_SET)
		len--;
	out->field = arena_strndup(a, text, len);
	if (len == 0 || strcspn(text, " \t+@,;:") < len)
		return err_new(ERR_USAGE,
		    "'%.100s' is no assignment such as name=Anna", text);
	if (out->op != ASSIGN_SET && *out->value == '\0')
		return err_new(ERR_USAGE, "'%.100s': no value to %s", text,
		    out->op == ASSIGN_ADD ? "add" : "take out");
	return NULL;
}

const struct err *
assign_take(int *argc, char **argv, struct arena *a, struct assign **out,
    size_t *count)
{
	const struct err *err;
	int i, kept = 0;

	*out = NULL;
	*count = 0;
	for (i = 0; i < *argc; i++) {
		if (strchr(argv[i], '=') == NULL) {
			argv[kept++] = argv[i];
			continue;
		}
		*out = arena_grow(a, *out, *count, sizeof(**out));
		if ((err = assign_parse(argv[i], a, &(*out)[*count])) != NULL)
			return err;
		++*count;
	}
	*argc = kept;
	return NULL;
}

const char *
assign_fields(const struct assign *v, size_t count, struct arena *a)
{
	const char *text = "";
	size_t i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < i; j++)
			if (strcmp(v[j].field, v[i].field) == 0)
				break;
		if (j == i)
			text = arena_printf(a, "%s%s%s", text,
			    i != 0 ? ", " : "", v[i].field);
	}
	return text;
}
