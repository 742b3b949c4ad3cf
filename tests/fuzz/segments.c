/*
 * segments - a table of segments is taken whole or refused with its line; all
 * its names are found, and every score has one segment. The first line of the
 * input is a scale of --method thresholds, the others are the table.
 */
#include "stats/rfm_segment.h"

#include "fuzz.h"

static void
check_scale(const char *text)
{
	struct rfm_scale s;
	const struct err *err;
	size_t i;
	int places;

	for (places = 0; places <= 3; places++) {
		s = (struct rfm_scale){ 0 };
		err = rfm_scale_parse(text, places, &s);
		need(err == NULL || is_text(err->msg));
		if (err != NULL)
			continue;
		need(s.levels >= RFM_LEVELS_MIN && s.levels <= RFM_LEVELS_MAX);
		for (i = 1; i + 1 < s.levels; i++)
			need(s.cut[i - 1] < s.cut[i]);
	}
}

static void
check_table(const struct rfm_segments *s)
{
	struct rfm_customer c = { 0 };
	bool wanted[RFM_SEGMENT_MAX + 1];
	size_t i, found;
	int level;

	need(s->row_count > 0 && s->row_count <= RFM_SEGMENT_MAX);
	need(s->count > 0 && s->count <= RFM_SEGMENT_MAX + 1);
	need(s->others < s->count && s->highest <= RFM_LEVELS_MAX);
	for (i = 0; i < s->count; i++) {
		need(is_text(s->names[i]) && s->names[i][0] != '\0');
		need(rfm_segment_find(s, s->names[i], &found) == NULL);
		need(found <= i);
	}
	need(rfm_segment_choose(s, s->names, s->count, wanted) == NULL);
	for (level = 0; level <= RFM_LEVELS_MAX; level++) {
		for (i = 0; i < RFM_MEASURES; i++)
			c.score[i] = (uint8_t)level;
		rfm_segment_assign(s, &c, 1);
		need(c.segment < s->count);
		need(level <= s->highest || c.segment == s->others);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct rfm_segments *s;
	const struct err *err;
	char *text, *table;

	if (size != 0 && memchr(data, '\0', size) == NULL) {
		text = arena_strndup(&a, (const char *)data, size);
		table = strchr(text, '\n');
		if (table != NULL)
			*table++ = '\0';
		if (is_text(text))
			check_scale(text);
		err = rfm_segment_parse(table != NULL ? table : "", "fuzz", &a,
		    &s);
		need((err == NULL) == (s != NULL));
		need(err == NULL || (err->code == ERR_INPUT &&
					strncmp(err->msg, "fuzz:", 5) == 0));
		if (s != NULL)
			check_table(s);
	}
	arena_free(&a);
	return 0;
}
