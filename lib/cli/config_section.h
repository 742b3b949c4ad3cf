/*
 * config_section.h - the sections of crm.conf that have a name: jobs,
 * receivers and shops. For config.c alone; others ask config.h.
 */
#ifndef CLI_CONFIG_SECTION_H
#define CLI_CONFIG_SECTION_H

#include "cli/config.h"
#include "io/conf.h"

/* What a file may hold of them, up to and including a CONF_END. */
extern const struct conf_key config_sections[5];

/* A path means the same from whatever folder a command is started. In a. */
const char *config_beside(struct arena *a, const char *file, const char *path);

/*
 * Take the sections of a file. One that is named again takes the place of the
 * earlier one.
 */
const struct err *config_read_sections(struct arena *a, const char *file,
    const struct conf *conf, struct config *c) MUST_USE;

#endif
