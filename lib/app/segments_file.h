/* segments_file.h - tables of segments: ours by their names, or anybody's file. */
#ifndef APP_SEGMENTS_FILE_H
#define APP_SEGMENTS_FILE_H

#include "cli/config.h"
#include "stats/rfm_segment.h"

/*
 * Read the table called name among those that came with the commands, or else
 * the file of that name; with a '/' in it it is always a file. In a.
 */
const struct err *segments_file_read(const struct config *c, const char *name,
    struct arena *a, const struct rfm_segments **out) MUST_USE;

#endif
