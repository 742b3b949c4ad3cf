/*
 * parse.c - parse ours|cjson <records reads records of orders and looks up the
 * members that an import looks up, and does nothing with them: with the reader
 * of the commands, or with cJSON alone and none of their checks.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "io/json.h"

static const char *const fields[] = { "source", "external_id", "order_method",
	"status", "manager", "placed_at", "currency", "customer_name", "phone",
	"email", "utm_source", "utm_medium", "delivery_type",
	"delivery_address", "total" };
static const char *const parts[] = { "items", "charges", "payments" };

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static uint64_t found;

static void
with_ours(const char *line, size_t len)
{
	static struct arena a;
	const struct json *doc, *list, *part, *member;
	size_t i;

	arena_reset(&a);
	if (json_parse(&a, line, len, &doc) != NULL)
		errx(1, "not a record");
	for (i = 0; i < LEN(fields); i++)
		found += json_get(doc, fields[i]) != NULL;
	for (i = 0; i < LEN(parts); i++)
		if ((list = json_get(doc, parts[i])) != NULL)
			for (part = json_first(list); part != NULL;
			     part = json_next(part))
				for (member = json_first(part); member != NULL;
				     member = json_next(member))
					found += json_key(member) != NULL;
}

static void
with_cjson(const char *line, size_t len)
{
	const cJSON *list, *part, *member;
	cJSON *doc = cJSON_ParseWithLength(line, len);
	size_t i;

	if (doc == NULL)
		errx(1, "not a record");
	for (i = 0; i < LEN(fields); i++)
		found +=
		    cJSON_GetObjectItemCaseSensitive(doc, fields[i]) != NULL;
	for (i = 0; i < LEN(parts); i++) {
		list = cJSON_GetObjectItemCaseSensitive(doc, parts[i]);
		cJSON_ArrayForEach(part, list) cJSON_ArrayForEach(member, part)
		    found += member->string != NULL;
	}
	cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
	static char room[1 << 20];
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	FILE *f;

	if (argc != 3 || (f = fopen(argv[2], "r")) == NULL)
		errx(2, "usage: parse ours|cjson FILE");
	setvbuf(f, room, _IOFBF, sizeof(room));
	while ((len = getline(&line, &size, f)) > 0) {
		line[--len] = '\0';
		if (argv[1][0] == 'o')
			with_ours(line, (size_t)len);
		else
			with_cjson(line, (size_t)len);
	}
	printf("%" PRIu64 "\n", found);
	return 0;
}
