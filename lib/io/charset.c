/* charset.c - texts that are not UTF-8, through iconv. */
#include "io/charset.h"

#include <iconv.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

struct charset {
	iconv_t cd;
};

static const struct err *
charset_new(const char *to, const char *from, struct charset **out)
{
	struct charset *c = mem_alloc(sizeof(*c));

	*out = NULL;
	c->cd = iconv_open(to, from);
	if (c->cd == (iconv_t)-1) {
		free(c);
		return err_sys("%s", from);
	}
	*out = c;
	return NULL;
}

const struct err *
charset_open(const char *name, struct charset **out)
{
	return charset_new("UTF-8", name, out);
}

void
charset_close(struct charset *c)
{
	if (c == NULL)
		return;
	iconv_close(c->cd);
	free(c);
}

bool
charset_convert(struct charset *c, char **in, size_t *in_len, char **out,
    size_t *out_len)
{
	return iconv(c->cd, in, in_len, out, out_len) != (size_t)-1;
}

/* The name comes from a file, so only these ever reach iconv. */
static const char *
charset_known(const char *name)
{
	static const char *const known[] = { "windows-1251", "cp1251",
		"windows-1252", "windows-1250", "koi8-r", "koi8-u", "cp866",
		"ibm866", "iso-8859-5", "iso-8859-2", "iso-8859-15" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (strcasecmp(name, known[i]) == 0)
			return known[i];
	return NULL;
}

bool
charset_table(const char *name, int table[static 256])
{
	const char *known = charset_known(name);
	struct charset *c;
	int b;

	if (known == NULL || charset_new("UCS-4LE", known, &c) != NULL)
		return false;
	for (b = 0; b < 256; b++) {
		unsigned char ucs[4];
		char byte = (char)b, *in = &byte, *out = (char *)ucs;
		size_t in_len = 1, out_len = sizeof(ucs);

		table[b] = -1;
		if (charset_convert(c, &in, &in_len, &out, &out_len))
			table[b] = ucs[0] | ucs[1] << 8 | ucs[2] << 16;
	}
	charset_close(c);
	return true;
}
