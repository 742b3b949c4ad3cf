/*
 * dsv - every row is clean text, lines only go forward and the end is reached.
 * The first byte chooses what the reader is told.
 */
#include <stdlib.h>
#include <string.h>

#include "../memfd.h"
#include "base/text.h"
#include "io/dsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
need(bool promise)
{
	if (!promise)
		abort();
}

static void
check_row(const struct dsv_row *row)
{
	bool empty = true;
	size_t i, len;

	need(row->count != 0);
	need(strlen(row->raw) == row->raw_len);
	for (i = 0; i < row->count; i++) {
		len = strlen(row->fields[i]);
		need(text_utf8_valid(row->fields[i], len) == len);
		empty = empty && len == 0;
	}
	need(!empty);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char separators[] = "\0;,\t|";
	struct dsv_dialect dialect = { 0 };
	const struct dsv_row *row;
	const struct err *err;
	uint64_t line = 0;
	struct dsv *d;
	int fd;

	if (size == 0)
		return 0;
	dialect.encoding = (enum dsv_encoding)(data[0] % 4);
	dialect.separator = separators[data[0] / 4 % 5];
	fd = memfd_of(data + 1, size - 1);
	if (dsv_open(fd, "fuzz", &dialect, &d) == NULL) {
		for (;;) {
			err = dsv_next(d, &row);
			if (err == NULL && row == NULL)
				break;
			need(err == NULL || err->code == ERR_INPUT);
			need(dsv_line(d) > line);
			line = dsv_line(d);
			if (row != NULL)
				check_row(row);
		}
		dsv_close(d);
	}
	close(fd);
	return 0;
}
