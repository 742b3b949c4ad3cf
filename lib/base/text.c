/* text.c - UTF-8 text: validity, folding, trimming, width, nearest word. */
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

#define NEAREST_MAX 64 /* longest word worth comparing */

/* Length of the well-formed character of three or four bytes at s, or 0. */
static size_t
sequence(const unsigned char *s, size_t len)
{
	unsigned char low = 0x80, high = 0xbf; /* of the second byte */
	size_t n, i;

	if (s[0] < 0xe0 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		low = 0xa0; /* below are overlong forms */
	else if (s[0] == 0xed)
		high = 0x9f; /* above are surrogates */
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f; /* above is more than U+10FFFF */
	if (len < n || s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Length of the prefix of characters of two bytes: Cyrillic is no other. */
static size_t
pairs(const unsigned char *s, size_t len)
{
	size_t i = 0;

	while (len - i >= 2 && s[i] >= 0xc2 && s[i] <= 0xdf &&
	       (s[i + 1] & 0xc0) == 0x80)
		i += 2;
	return i;
}

/* Length of the prefix that is ASCII. */
static size_t
ascii(const char *s, size_t len)
{
	uint64_t word;
	size_t i = 0;

	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < len && (unsigned char)s[i] < 0x80)
		i++;
	return i;
}

size_t
text_utf8_valid(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t i, n;

	for (i = ascii(s, len); i < len; i += n) {
		if (u[i] < 0x80)
			n = ascii(s + i, len - i);
		else if ((n = pairs(u + i, len - i)) == 0 &&
			 (n = sequence(u + i, len - i)) == 0)
			break;
	}
	return i;
}

char *
text_repair(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_strndup(a, s, len);
	size_t i = 0;

	while ((i += text_utf8_valid(copy + i, len - i)) < len)
		copy[i] = '?';
	for (i = 0; i < len; i++)
		if (copy[i] == '\0')
			copy[i] = '?';
	return copy;
}

size_t
text_utf8_put(char *to, uint32_t point)
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)point,
	    (utf8proc_uint8_t *)to);
}

bool
text_same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

static char *
normalise(struct arena *a, const char *s, utf8proc_option_t options)
{
	const utf8proc_uint8_t *u = (const utf8proc_uint8_t *)s;
	utf8proc_int32_t *points;
	utf8proc_ssize_t count;

	options |= UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	count = utf8proc_decompose(u, 0, NULL, 0, options);
	if (count < 0)
		return arena_strdup(a, s); /* not UTF-8: leave it alone */
	points = arena_alloc(a, ((size_t)count + 1) * sizeof(*points));
	utf8proc_decompose(u, 0, points, count, options);
	utf8proc_reencode(points, count, options);
	return (char *)points;
}

/*
 * Fold ASCII and Russian letters, which stand for themselves in any normal form
 * and are nearly all that comes: a tenth of the library's time. False at
 * anything else, a mark that joins the letter before it, for one.
 */
static bool
fold_plain(const char *s, char *out)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned point;

	for (; *p != '\0'; p++) {
		if (*p < 0x80) {
			*out++ =
			    (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
			continue;
		}
		if ((*p & 0xfe) != 0xd0 || (p[1] & 0xc0) != 0x80)
			return false;
		point = (*p & 0x1fu) << 6 | (p[1] & 0x3fu);
		p++;
		if (point >= 0x410 && point < 0x430) /* А to Я */
			point += 0x20;
		else if (point == 0x401) /* Ё */
			point = 0x451;
		else if ((point < 0x430 || point > 0x44f) && point != 0x451)
			return false;
		*out++ = (char)(0xc0 | point >> 6);
		*out++ = (char)(0x80 | (point & 0x3f));
	}
	*out = '\0';
	return true;
}

const char *
text_fold(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1);

	if (fold_plain(s, out))
		return out;
	/* U+0345 must be in its place before it becomes a letter. */
	return normalise(a, normalise(a, s, 0), UTF8PROC_CASEFOLD);
}

/* Decode the character at s; its length returned. A bad byte is U+FFFD. */
static size_t
decode(const char *s, utf8proc_int32_t *point)
{
	utf8proc_ssize_t n;

	n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, point);
	if (n > 0)
		return (size_t)n;
	*point = 0xfffd;
	return 1;
}

static bool
is_blank(utf8proc_int32_t point)
{
	utf8proc_category_t kind;

	if (point < 0x80)
		return point == ' ' || (point >= '\t' && point <= '\r');
	kind = utf8proc_category(point);
	return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL ||
	       kind == UTF8PROC_CATEGORY_ZP || point == 0x85 /* next line */ ||
	       /* zero-width blanks and joiners, direction marks, BOM */
	       (point >= 0x200b && point <= 0x200f) || point == 0x2060 ||
	       point == 0xfeff;
}

/*
 * Length of the blank at s, 0 for none. The first byte tells nearly always:
 * Latin and Cyrillic letters begin with none of these.
 */
static size_t
blank(const char *s)
{
	const unsigned char c = (unsigned char)*s;
	utf8proc_int32_t point;
	size_t n;

	if (c > ' ' && c != 0xc2 && (c < 0xe1 || c > 0xe3) && c != 0xef)
		return 0;
	n = decode(s, &point);
	return is_blank(point) ? n : 0;
}

char *
text_trim(struct arena *a, const char *s)
{
	const char *end, *p;
	size_t n;

	while ((n = blank(s)) != 0)
		s += n;
	for (end = s + strlen(s); end > s; end = p) {
		p = end - 1;
		while (p > s && (*p & 0xc0) == 0x80)
			p--;
		if (blank(p) == 0)
			break;
	}
	return arena_strndup(a, s, (size_t)(end - s));
}

/* Faster than strpbrk(): nearly every text has none. */
static bool
has_break(const char *s)
{
	while ((unsigned char)*s >= ' ')
		s++;
	return *s != '\0' && strpbrk(s, "\t\r\n") != NULL;
}

const char *
text_line(struct arena *a, const char *s)
{
	char *copy, *to;

	if (s == NULL || !has_break(s))
		return s;
	copy = to = arena_strdup(a, s);
	for (; *s != '\0'; s++) {
		if (strchr(" \t\r\n", *s) == NULL)
			*to++ = *s;
		else if (to != copy && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to != copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

/* text_prefix(), and how wide that is. */
static size_t
measure(const char *s, size_t columns, size_t *width)
{
	const char *p;
	utf8proc_int32_t point;
	size_t n, w;

	*width = 0;
	for (p = s; *p != '\0'; p += n) {
		n = decode(p, &point);
		w = (size_t)utf8proc_charwidth(point);
		if (w > columns - *width)
			break;
		*width += w;
	}
	return (size_t)(p - s);
}

size_t
text_width(const char *s)
{
	size_t width;

	measure(s, SIZE_MAX, &width);
	return width;
}

size_t
text_prefix(const char *s, size_t columns)
{
	size_t width;

	return measure(s, columns, &width);
}

static size_t
min(size_t x, size_t y)
{
	return x < y ? x : y;
}

/* Letters to insert, drop, replace or swap with a neighbour. */
static size_t
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t rows[3][NEAREST_MAX + 1] = { 0 };
	size_t *before = rows[0], *last = rows[1], *row = rows[2], *t, i, j;

	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (i = 1; i <= alen; i++) {
		t = before;
		before = last;
		last = row;
		row = t;
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			row[j] = min(min(last[j], row[j - 1]) + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
	}
	return row[blen];
}

const char *
text_nearest(const char *word, const char *const *list)
{
	const char *best = NULL;
	size_t len = strlen(word), least = SIZE_MAX, n, d;

	for (; *list != NULL; list++) {
		n = strlen(*list);
		if (len > NEAREST_MAX || n > NEAREST_MAX)
			continue;
		d = distance(word, len, *list, n);
		/* a third wrong is a typing error, more another word */
		if (d < least && d * 3 <= (len > n ? len : n)) {
			best = *list;
			least = d;
		}
	}
	return best;
}
