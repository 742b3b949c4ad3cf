/* audience.h - customers as lists that advertising services match by. */
#ifndef VIEW_AUDIENCE_H
#define VIEW_AUDIENCE_H

#include <stdio.h>

#include "customer/customer.h"

/* The services, for an option; ends with NULL. */
extern const char *const audience_formats[];

/* The header line, if the service wants one. */
void audience_header(FILE *fp, const char *format);

/*
 * Every phone in E.164 and e-mail address of a customer as a line of hashes:
 * normalised as the service says, then hashed with what it asks for.
 */
void audience_write(FILE *fp, const char *format, const struct customer *c,
    struct arena *a);

#endif
