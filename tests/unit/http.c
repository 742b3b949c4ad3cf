/* http - what a request is tried for, and what is never done twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/http.h"

static char folder[] = "/tmp/crm-http.XXXXXX";
static char replyd[4096];
static pid_t server;
static char base[64];
static struct http *h;
static bool stopped;
static const struct http_answer *answer;

static bool
is_stopped(void)
{
	return stopped;
}

static const struct http_options options = { .timeout_s = 5,
	.stop = is_stopped };

/* The stand-in of the same build. */
static int
enter(void **state UNUSED)
{
	char self[2048] = { 0 };

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	*strrchr(self, '/') = '\0';
	snprintf(replyd, sizeof(replyd), "%s/../helper/replyd", self);
	return mkdtemp(folder) == NULL || chdir(folder) != 0 ||
	       unsetenv("http_proxy") != 0 || unsetenv("all_proxy") != 0;
}

static int
leave(void **state UNUSED)
{
	unlink("script");
	unlink("log");
	unlink("port");
	return chdir("/") != 0 || rmdir(folder) != 0;
}

/* A server that answers so, and who asks it. */
static void
serve(const char *script)
{
	FILE *fp = fopen("script", "w");
	int i, port = 0;

	assert_non_null(fp);
	fputs(script, fp);
	fclose(fp);
	unlink("port");
	unlink("log");
	server = fork();
	assert_true(server >= 0);
	if (server == 0) {
		execl(replyd, "replyd", "-p", "port", "script", "log",
		    (char *)NULL);
		_exit(127);
	}
	for (i = 0; i < 100 && (fp = fopen("port", "r")) == NULL; i++)
		usleep(50000);
	assert_non_null(fp);
	assert_int_equal(fscanf(fp, "%d", &port), 1);
	fclose(fp);
	snprintf(base, sizeof(base), "http://127.0.0.1:%d/x?y", port);
	stopped = false;
	assert_null(http_open(&options, &h));
}

static int
end(void **state UNUSED)
{
	http_close(h);
	h = NULL;
	if (server > 0) {
		kill(server, SIGTERM);
		waitpid(server, NULL, 0);
	}
	server = 0;
	return 0;
}

static const struct err *
ask(const char *method, const char *body)
{
	return http_ask(h,
	    &(struct http_request){ .method = method,
		.url = base,
		.header = "X-Secret: sesame",
		.type = "text/plain",
		.body = body },
	    &answer);
}

/* How many times a text was sent. */
static int
sent(const char *text)
{
	static char log[65536];
	FILE *fp = fopen("log", "r");
	const char *p;
	int n = 0;

	assert_non_null(fp);
	log[fread(log, 1, sizeof(log) - 1, fp)] = '\0';
	fclose(fp);
	for (p = log; (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

#define AGAIN "header Retry-After: 0\ntext {}\n.\n"
#define FINE  "text fine\n"

static void
expect_fine(const struct err *err)
{
	assert_null(err);
	assert_int_equal(answer->status, 200);
	assert_string_equal(buf_str(&answer->body), "fine");
}

static void
expect_remote(const struct err *err)
{
	assert_non_null(err);
	assert_int_equal(err->code, ERR_REMOTE);
}

static void
get_is_tried_three_times(void **state UNUSED)
{
	serve("status 500\n" AGAIN "status 429\n" AGAIN FINE);
	expect_fine(ask(NULL, NULL));
	assert_int_equal(sent("GET /x?y HTTP/1.1"), 3);
	end(NULL);
	serve("status 502\n" AGAIN "status 504\n" AGAIN
	      "status 503\n" AGAIN FINE);
	expect_remote(ask(NULL, NULL));
	assert_int_equal(sent("GET "), 3);
}

static void
put_is_tried_with_its_body(void **state UNUSED)
{
	serve("status 500\n" AGAIN "cut 2\ntext fine\n.\n" FINE);
	expect_fine(ask("PUT", "ab=c"));
	assert_int_equal(sent("PUT /x?y HTTP/1.1"), 3);
	assert_int_equal(sent("Content-Type: text/plain\r\n"
			      "Content-Length: 4\r\n\r\nab=c\n\n"),
	    3);
	assert_int_equal(sent("X-Secret: sesame\r\n"), 3);
}

static void
post_is_not_done_twice(void **state UNUSED)
{
	serve("status 500\n" AGAIN FINE);
	expect_remote(ask("POST", "a"));
	assert_int_equal(sent("POST "), 1);
	end(NULL);
	serve("cut 2\ntext fine\n.\n" FINE);
	expect_remote(ask("POST", "a"));
	assert_int_equal(sent("POST "), 1);
}

/* libcurl repeats by itself what a connection swallows that was used before. */
static void
post_is_not_done_twice_by_the_library(void **state UNUSED)
{
	serve(FINE ".\nclose\n.\n" FINE);
	expect_fine(ask(NULL, NULL));
	expect_remote(ask("POST", "a"));
	assert_int_equal(sent("POST "), 1);
}

static void
post_is_repeated_when_it_was_not_done(void **state UNUSED)
{
	serve("status 429\n" AGAIN "status 503\n" AGAIN FINE);
	expect_fine(ask("POST", "a"));
	assert_int_equal(sent("POST "), 3);
}

static void
a_long_wait_is_not_waited_for(void **state UNUSED)
{
	serve("status 503\nheader Retry-After: 301\ntext {}\n.\n" FINE);
	expect_remote(ask(NULL, NULL));
	assert_int_equal(sent("GET "), 1);
}

static void
a_redirect_is_an_answer(void **state UNUSED)
{
	struct arena a = { 0 };

	serve("status 302\nheader lOcation:   http://127.0.0.1:%PORT%/z  \n"
	      "text x\n");
	assert_null(ask(NULL, NULL));
	assert_int_equal(answer->status, 302);
	assert_non_null(strstr(http_header(answer, "Location", &a), "/z"));
	assert_null(http_header(answer, "Locatio", &a));
	assert_int_equal(sent("HTTP/1.1"), 1);
	arena_free(&a);
}

static void
any_status_that_stays_is_an_answer(void **state UNUSED)
{
	serve("status 422\ngzip\nchunked\ntext fine\n");
	assert_null(ask("POST", ""));
	assert_int_equal(answer->status, 422);
	assert_string_equal(buf_str(&answer->body), "fine");
	assert_int_equal(sent("Content-Length: 0\r\n"), 1);
}

static void
who_is_stopped_asks_no_more(void **state UNUSED)
{
	serve("status 503\nheader Retry-After: 200\ntext {}\n.\n" FINE);
	stopped = true;
	assert_non_null(ask(NULL, NULL));
	assert_true(sent("GET ") <= 1);
	assert_false(http_wait(h, 200000));
}

static void
a_secret_goes_nowhere_in_the_clear(void **state UNUSED)
{
	assert_null(http_check_url("https://shop.example/api"));
	assert_null(http_check_url("http://127.0.0.1:8080"));
	assert_null(http_check_url("http://localhost"));
	assert_non_null(http_check_url("http://shop.example"));
	assert_non_null(http_check_url("http://127.0.0.1.evil.example"));
	assert_non_null(http_check_url("https://me:pw@shop.example"));
	assert_non_null(http_check_url("ftp://shop.example"));
	assert_non_null(http_check_url("shop"));
}

static void
what_is_no_letter_is_escaped(void **state UNUSED)
{
	struct buf b = { 0 };

	http_escape(&b, "a-Z_0.~ &=+%/ы");
	assert_string_equal(buf_str(&b), "a-Z_0.~%20%26%3D%2B%25%2F%D1%8B");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(get_is_tried_three_times, end),
		cmocka_unit_test_teardown(put_is_tried_with_its_body, end),
		cmocka_unit_test_teardown(post_is_not_done_twice, end),
		cmocka_unit_test_teardown(post_is_not_done_twice_by_the_library,
		    end),
		cmocka_unit_test_teardown(post_is_repeated_when_it_was_not_done,
		    end),
		cmocka_unit_test_teardown(a_long_wait_is_not_waited_for, end),
		cmocka_unit_test_teardown(a_redirect_is_an_answer, end),
		cmocka_unit_test_teardown(any_status_that_stays_is_an_answer,
		    end),
		cmocka_unit_test_teardown(who_is_stopped_asks_no_more, end),
		cmocka_unit_test(a_secret_goes_nowhere_in_the_clear),
		cmocka_unit_test(what_is_no_letter_is_escaped),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
