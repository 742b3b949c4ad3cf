/* cell.c - numbers and times as spreadsheets write them. */
#include "intake/cell.h"

#include <string.h>

#include "base/when.h"
#include "crm/phone.h"

/* Copy without blanks, no-break and narrow no-break ones too. */
static char *
cell_squeeze(const char *s, struct arena *a)
{
	char *copy = arena_alloc(a, strlen(s) + 1), *p = copy;

	while (*s != '\0') {
		if (*s == ' ' || *s == '\t')
			s++;
		else if (strncmp(s, "\302\240", 2) == 0)
			s += 2;
		else if (strncmp(s, "\342\200\257", 3) == 0)
			s += 3;
		else
			*p++ = *s++;
	}
	*p = '\0';
	return copy;
}

/* Digits, and perhaps a decimal point: as nearly all numbers come. */
static bool
cell_is_plain(const char *s, char decimal)
{
	s += *s == '-';
	while (*s >= '0' && *s <= '9')
		s++;
	if (*s == '.' && decimal != ',')
		for (s++; *s >= '0' && *s <= '9'; s++)
			;
	return *s == '\0';
}

const struct err *
cell_number(const char *s, char decimal, struct arena *a, const char **out)
{
	char *copy, *comma, *point, *p, *to;

	*out = s;
	if (cell_is_plain(s, decimal))
		return NULL;
	*out = copy = cell_squeeze(s, a);
	comma = strrchr(copy, ',');
	point = strrchr(copy, '.');
	if (decimal == '\0' && comma != NULL && point != NULL)
		decimal = comma > point ? ',' : '.';
	if (decimal == '\0' && comma != NULL) {
		if (strlen(comma + 1) == 3 || strchr(copy, ',') != comma)
			return err_new(ERR_INPUT,
			    "'%s' may be thousands or decimals; "
			    "the map file's decimal tells which",
			    s);
		decimal = ',';
	}
	if (decimal != ',')
		decimal = '.';
	for (p = to = copy; *p != '\0'; p++) {
		if (*p == decimal)
			*to++ = '.';
		else if (*p != ',' && *p != '.')
			*to++ = *p;
	}
	*to = '\0';
	return NULL;
}

/* 3.75291E+11 */
static bool
cell_is_exponent(const char *s)
{
	size_t n = strspn(s, "0123456789.,");

	if (n == 0 || (s[n] | 0x20) != 'e')
		return false;
	s += n + 1;
	s += *s == '+';
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

const char *
cell_phone(const char *s, const char *country, struct arena *a,
    const char **out)
{
	static const char *const countries[] = { "RU", "BY", "UA" };
	const char *e164;
	size_t i;

	*out = s;
	if (cell_is_exponent(s)) {
		*out = NULL;
		return "was damaged by Excel and is left out";
	}
	if (s[strspn(s, "0123456789")] != '\0' ||
	    phone_is_e164(phone_normal(s, country, a)))
		return NULL;
	for (i = 0; i < ARRAY_LEN(countries); i++) {
		e164 = phone_normal(s, countries[i], a);
		if (*e164 == '+' && strcmp(e164 + 1, s) == 0) {
			*out = e164;
			return "has lost its '+', as in Excel; it is put back";
		}
	}
	return NULL;
}

const struct err *
cell_time(const char *s, const char *format, int64_t *out)
{
	static const char *const usual[] = { "%d.%m.%Y %H:%M:%S",
		"%d.%m.%Y %H:%M", "%d.%m.%Y" };
	const struct err *err;
	size_t i;

	if (format != NULL) {
		err = when_parse_as(s, format, out);
		/* as a workbook has it, whatever its CSV is like */
		if (err == NULL || strncmp(format, "%Y-", 3) == 0 ||
		    when_parse(s, out) != NULL)
			return err;
		return NULL;
	}
	if (strchr(s, '/') != NULL)
		return err_new(ERR_INPUT,
		    "'%s' may be day/month or month/day; "
		    "the map file's format tells which",
		    s);
	for (i = 0; i < ARRAY_LEN(usual) && strchr(s, '.') != NULL; i++)
		if (when_parse_as(s, usual[i], out) == NULL)
			return NULL;
	return when_parse(s, out);
}

const char *
cell_currency(const char *s)
{
	static const struct {
		const char *from;
		const char *to;
	} other[] = {
		{ "RUR", "RUB" },
		{ "руб", "RUB" },
		{ "руб.", "RUB" },
		{ "р.", "RUB" },
		{ "643", "RUB" },
		{ "810", "RUB" },
		{ "бел. руб.", "BYN" },
		{ "933", "BYN" },
		{ "974", "BYR" },
		{ "тенге", "KZT" },
		{ "398", "KZT" },
		{ "грн", "UAH" },
		{ "грн.", "UAH" },
		{ "980", "UAH" },
		{ "840", "USD" },
		{ "978", "EUR" },
	};
	size_t i;

	for (i = 0; s != NULL && i < ARRAY_LEN(other); i++)
		if (strcmp(other[i].from, s) == 0)
			return other[i].to;
	return s;
}
