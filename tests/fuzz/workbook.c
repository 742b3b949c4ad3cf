/* workbook - a sheet is read as clean text or refused, and nothing is left. */
#include "io/workbook.h"
#include "../memfd.h"
#include "fuzz.h"

/* The text is UTF-8, as far as a megabyte of it. */
static void
check_csv(int fd)
{
	static char text[1 << 20];
	ssize_t n = read(fd, text, sizeof(text));

	need(n >= 0);
	if ((size_t)n < sizeof(text))
		need(text_utf8_valid(text, (size_t)n) == (size_t)n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct workbook_style style = { ';', ',' };
	const struct err *err;
	int fd = memfd_of(data, size), csv;

	err = workbook_csv(fd, "fuzz", &style, &csv);
	need((err == NULL) == (csv >= 0));
	need(err == NULL || (err->code == ERR_INPUT && is_text(err->msg)));
	if (err == NULL) {
		check_csv(csv);
		close(csv);
	}
	close(fd);
	return 0;
}
