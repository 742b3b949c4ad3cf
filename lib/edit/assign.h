/*
 * assign.h - changes as a person types them: FIELD=VALUE sets, FIELD= clears,
 * FIELD+=VALUE adds to a list, FIELD-=VALUE takes out of it.
 */
#ifndef EDIT_ASSIGN_H
#define EDIT_ASSIGN_H

#include "base/arena.h"
#include "base/err.h"

enum assign_op { ASSIGN_SET, ASSIGN_ADD, ASSIGN_REMOVE };

struct assign {
	const char *text; /* as it was typed, for messages */
	const char *field;
	enum assign_op op;
	const char *value; /* "" clears */
};

/*
 * Part the operands: those in which a '=' stands are assignments, and what is
 * before it must look like a field; the others stay in argv, *argc of them.
 * *out in a. ERR_USAGE for an assignment to nothing.
 */
const struct err *assign_take(int *argc, char **argv, struct arena *a,
    struct assign **out, size_t *count) MUST_USE;

/* "name, phone": the fields that are assigned to, each once. In a. */
const char *assign_fields(const struct assign *v, size_t count,
    struct arena *a);

#endif
