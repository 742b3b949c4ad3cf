/* json_stream - the records of a document come whole, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "../memfd.h"
#include "io/json_stream.h"

static const char *const names[] = { "orders", "order", NULL };

/* The records of a text, each behind its number; "!" is an error. */
static void
check(const char *text, const char *want)
{
	int fd = memfd_of(text, strlen(text));
	struct json_stream *s = json_stream_open(fd, "test", names);
	char got[1000] = "";
	const struct err *err;
	const char *record;
	size_t len, n = 0;

	for (;;) {
		err = json_stream_next(s, &record, &len);
		if (err == NULL && record == NULL)
			break;
		assert_int_equal(json_stream_number(s), ++n);
		assert_int_equal(strlen(record), len);
		strncat(got, err != NULL ? "!" : "|",
		    sizeof(got) - strlen(got) - 1);
		strncat(got, record, sizeof(got) - strlen(got) - 1);
	}
	assert_string_equal(got, want);
	json_stream_close(s);
	close(fd);
}

static void
test_documents(void **state)
{
	(void)state;
	check("", "");
	check(" \n", "");
	check("[]", "");
	check("[{\"a\":1}, {\"b\":\"]}\\\"\"}\n]",
	    "|{\"a\":1}|{\"b\":\"]}\\\"\"}");
	check("{\"id\": 1, \"x\": [{}]}", "|{\"id\":1,\"x\":[{}]}");
	check("{\"id\":1}{\"id\":2}\n{\"id\":3}",
	    "|{\"id\":1}|{\"id\":2}|{\"id\":3}");
	check(
	    "{\"ok\":true,\"orders\":[{\"id\":1},{\"id\":2}],\"n\":{\"orders\":[{}]}}",
	    "|{\"id\":1}|{\"id\":2}");
	check("{\"order\":{\"orders\":[1]},\"z\":\"}\"}{\"orders\":[]}[7]",
	    "|{\"orders\":[1]}|7");
	check("{\"orders\":null}", "|{\"orders\":null}");
	check("\357\273\277[{}]", "|{}");
}

static void
test_faults(void **state)
{
	(void)state;
	check("<html>", "!");
	check("id;name\n1;2\n", "!");
	check("[{\"a\":[}, {\"b\":1}]", "|{\"a\":[}|{\"b\":1}");
	check("[{\"a\":1}", "|{\"a\":1}!");
	check("[{\"a\":1},{\"b", "|{\"a\":1}!{\"b");
	check("{\"a\":1", "!{\"a\":1");
	check("{\"orders\":[{}]", "|{}!");
	check("[{}}]", "|{}!");
	check("{\"order\":{\"a\"", "!{\"a\"");
}

/* 256 MiB: a quarter of a million records of 1 KiB. */
static void
test_a_large_document_in_constant_memory(void **state)
{
	static char record[1024];
	struct rusage before, after;
	struct json_stream *s;
	const char *text;
	int fds[2], status;
	size_t len, i;
	pid_t pid;

	(void)state;
	memset(record, ' ', sizeof(record));
	memcpy(record, "{\"a\":1", 6);
	memcpy(record + sizeof(record) - 2, "},", 2);
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		close(fds[0]);
		if (write(fds[1], "{\"orders\":[", 11) != 11)
			_exit(1);
		for (i = 0; i < 262144; i++)
			if (write(fds[1], record, sizeof(record)) < 0)
				_exit(1);
		_exit(write(fds[1], "]}", 2) != 2);
	}
	close(fds[1]);
	s = json_stream_open(fds[0], "test", names);
	getrusage(RUSAGE_SELF, &before);
	do
		assert_null(json_stream_next(s, &text, &len));
	while (text != NULL);
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16L * 1024);
	assert_int_equal(json_stream_number(s), 262144);
	json_stream_close(s);
	close(fds[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_a_large_document_in_constant_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
