/*
 * bigshop.c - bigshop FORMAT ORDERS [SEED [DIR]] writes a drawn shop:
 * ndjson or table to standard output for order-import; csv, the five tables
 * that prove the recipe, into DIR; vectors, draws of the recipe.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bigshop.h"

/* Draws that every implementation of the recipe has in common. */
static void
vectors(const struct bigshop *b)
{
	static const uint64_t points[][3] = { { 1, 0, 0 }, { 1, 1, 0 },
		{ 2, 0, 0 }, { 3, 1, 0 }, { 14, 2999, 3 },
		{ 30, 1530000071, 0 } };
	size_t i;

	puts("stream,i,k,H_hex,U1000");
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		const uint64_t *p = points[i];

		printf("%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%016" PRIx64
		       ",%" PRIu64 "\n",
		    p[0], p[1], p[2], big_hash(b, p[0], p[1], p[2]),
		    big_draw(b, 1000, p[0], p[1], p[2]));
	}
}

int
main(int argc, char **argv)
{
	static char out[1 << 20];
	struct bigshop *b;

	if (argc < 3 || argc > 5)
		errx(2, "usage: bigshop ndjson|table|csv|vectors ORDERS "
			"[SEED [DIR]]");
	setvbuf(stdout, out, _IOFBF, sizeof(out));
	b = big_new(strtoull(argv[2], NULL, 10),
	    argc > 3 ? strtoull(argv[3], NULL, 10) : 20240930);
	if (strcmp(argv[1], "ndjson") == 0)
		big_ndjson(b, stdout);
	else if (strcmp(argv[1], "table") == 0)
		big_table(b, stdout);
	else if (strcmp(argv[1], "vectors") == 0)
		vectors(b);
	else if (strcmp(argv[1], "csv") == 0 && argc == 5)
		big_csv(b, argv[4]);
	else
		errx(2, "%s: no such format, or no folder", argv[1]);
	big_free(b);
	if (fflush(stdout) != 0)
		err(1, "writing");
	return 0;
}
