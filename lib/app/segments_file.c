/* segments_file.c - tables of segments: ours by their names, or anybody's file. */
#include "app/segments_file.h"

#include <string.h>
#include <unistd.h>

#include "io/file.h"

enum { SEGMENTS_SIZE_MAX = 65536 };

const struct err *
segments_file_read(const struct config *c, const char *name, struct arena *a,
    const struct rfm_segments **out)
{
	const char *share = config_get(c, CONFIG_SHARE);
	const char *path = arena_printf(a, "%s/segments/%s.tsv", share, name);
	bool is_path = strchr(name, '/') != NULL;
	struct rfm_segments *segments;
	const struct err *err;
	const char *text;

	*out = NULL;
	if (is_path || access(path, R_OK) != 0)
		path = name;
	err = file_slurp(path, SEGMENTS_SIZE_MAX, a, &text);
	if (err != NULL && path == name && !is_path)
		err = err_wrap(err, "not in %s/segments", share);
	if (err == NULL &&
	    (err = rfm_segment_parse(text, path, a, &segments)) == NULL)
		*out = segments;
	return err;
}
