/* phone.c - phone numbers as E.164. */
#include "crm/phone.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define PHONE_MAX 15 /* digits of an E.164 number */

/*
 * How a country dials at home: its code, its trunk prefix, and how many digits
 * a national number has (ITU-T E.164 national numbering plans).
 */
static const struct phone_plan {
	const char *country;
	const char *code;
	const char *trunk;
	size_t digits;
} phone_plans[] = {
	{ "RU", "7", "8", 10 },
	{ "KZ", "7", "8", 10 },
	{ "BY", "375", "80", 9 },
	{ "UA", "380", "0", 9 },
};

/* The digits of s, or 0 when it holds something no phone number holds. */
static size_t
phone_digits(const char *s, char digits[static PHONE_MAX + 2], bool *plus)
{
	size_t n = 0;

	*plus = false;
	for (; *s != '\0'; s++) {
		if (isdigit((unsigned char)*s)) {
			if (n == PHONE_MAX + 1)
				return 0;
			digits[n++] = *s;
		} else if (*s == '+' && n == 0) {
			*plus = true;
		} else if (strchr(" -().\t/", *s) == NULL) {
			return 0;
		}
	}
	digits[n] = '\0';
	return n;
}

static const char *
phone_national(const char *digits, size_t n, const struct phone_plan *p,
    struct arena *a)
{
	size_t trunk = strlen(p->trunk), code = strlen(p->code);

	if (n == p->digits + code && strncmp(digits, p->code, code) == 0)
		return arena_printf(a, "+%s", digits);
	if (n == p->digits + trunk && strncmp(digits, p->trunk, trunk) == 0)
		return arena_printf(a, "+%s%s", p->code, digits + trunk);
	if (n == p->digits)
		return arena_printf(a, "+%s%s", p->code, digits);
	return NULL;
}

const char *
phone_normal(const char *s, const char *country, struct arena *a)
{
	const char *found = NULL, *shown = text_trim(a, s);
	char digits[PHONE_MAX + 2];
	bool plus;
	size_t i, n = phone_digits(shown, digits, &plus);

	if (n == 0)
		return shown;
	if (plus && n >= 8 && n <= PHONE_MAX)
		return arena_printf(a, "+%s", digits);
	for (i = 0; !plus && country != NULL && i < ARRAY_LEN(phone_plans); i++)
		if (strcmp(phone_plans[i].country, country) == 0)
			found = phone_national(digits, n, &phone_plans[i], a);
	if (found == NULL && !plus && n >= 10 && strncmp(digits, "00", 2) == 0)
		found = arena_printf(a, "+%s", digits + 2);
	return found != NULL ? found : shown;
}

bool
phone_is_e164(const char *s)
{
	size_t n;

	if (s[0] != '+')
		return false;
	n = strspn(s + 1, "0123456789");
	return s[1 + n] == '\0' && n >= 8 && n <= PHONE_MAX;
}
