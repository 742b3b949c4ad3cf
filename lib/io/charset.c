/* charset.c - texts that are not UTF-8, through iconv. */
#include "io/charset.h"

#include <iconv.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

struct charset {
	iconv_t cd;
};

const struct err *
charset_open(const char *name, struct charset **out)
{
	iconv_t cd = iconv_open("UTF-8", name);

	*out = NULL;
	if (cd == (iconv_t)-1)
		return err_sys("%s", name);
	*out = mem_alloc(sizeof(**out));
	(*out)->cd = cd;
	return NULL;
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
	iconv_t cd;
	int b;

	if (known == NULL || (cd = iconv_open("UCS-4LE", known)) == (iconv_t)-1)
		return false;
	for (b = 0; b < 256; b++) {
		unsigned char ucs[4];
		char byte = (char)b, *in = &byte, *out = (char *)ucs;
		size_t in_len = 1, out_len = sizeof(ucs);

		table[b] = -1;
		if (iconv(cd, &in, &in_len, &out, &out_len) != (size_t)-1)
			table[b] = ucs[0] | ucs[1] << 8 | ucs[2] << 16;
	}
	iconv_close(cd);
	return true;
}
