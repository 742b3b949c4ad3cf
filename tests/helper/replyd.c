/*
 * replyd.c - a shop's server for tests: a real HTTP server on 127.0.0.1 that
 * answers from a script and writes down what it was asked.
 *
 *	replyd [-p FILE] SCRIPT LOG
 *
 * It binds a port of the system's choice, writes the number to FILE (standard
 * output without -p) and serves one request after the other, on whatever
 * connections they come, each with the next block of SCRIPT; the last block
 * serves all that follow. A block ends with a
 * line "." and has these lines, all optional:
 *
 *	status 429
 *	header Retry-After: 0
 *	body FILE		the bytes of a file
 *	text [{"id": 1}]	or this line
 *	shop FILE		what of the records in FILE the request asks for, as
 *				WooCommerce does, or Shopify without links to further
 *				pages; each line "TIME JSON", sorted
 *	run COMMAND		what the command writes; the request is in the
 *				file "request" of the current folder
 *	delay 1500		milliseconds before the answer
 *	cut 20			close after so many bytes of the body
 *	chunked			in chunks of 7 bytes
 *	gzip			compressed, when the request allows it
 *	close			close without any answer
 *	loop			back to the first block after this one
 *
 * In a text, %PORT% is the port. The log has the requests as they came, each
 * followed by an empty line, one with a body by a line end before that.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"

enum { BLOCKS = 200, REQUEST_MAX = 1 << 20, CONNECTIONS = 16 };

struct block {
	int status;
	struct buf headers;
	struct buf body;
	struct buf command;
	long delay;
	long cut;                              /* -1: not */
	bool chunked, gzip, close, loop, shop; /* shop: body has its lines */
};

static struct block blocks[BLOCKS];
static size_t block_count;
static int port;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
slurp(const char *path, struct buf *b)
{
	FILE *fp = fopen(path, "r");
	size_t n;

	if (fp == NULL)
		die(path);
	while ((n = fread(buf_room(b, 4096), 1, 4096, fp)) > 0)
		b->len += n;
	fclose(fp);
}

static void
add_text(struct buf *b, const char *text)
{
	const char *at;

	while ((at = strstr(text, "%PORT%")) != NULL) {
		buf_add(b, text, (size_t)(at - text));
		buf_printf(b, "%d", port);
		text = at + strlen("%PORT%");
	}
	buf_adds(b, text);
}

static void
take_line(struct block *b, const char *line)
{
	const size_t word = strcspn(line, " ");
	const char *rest = line + word + (line[word] == ' ');

	if (strncmp(line, "status ", 7) == 0)
		b->status = (int)strtol(rest, NULL, 10);
	else if (strncmp(line, "header ", 7) == 0) {
		add_text(&b->headers, rest);
		buf_adds(&b->headers, "\r\n");
	} else if (strncmp(line, "body ", 5) == 0)
		slurp(rest, &b->body);
	else if (strncmp(line, "shop ", 5) == 0) {
		slurp(rest, &b->body);
		b->shop = true;
	} else if (strncmp(line, "run ", 4) == 0)
		buf_adds(&b->command, rest);
	else if (strncmp(line, "text ", 5) == 0)
		add_text(&b->body, rest);
	else if (strncmp(line, "delay ", 6) == 0)
		b->delay = strtol(rest, NULL, 10);
	else if (strncmp(line, "cut ", 4) == 0)
		b->cut = strtol(rest, NULL, 10);
	else if (strcmp(line, "chunked") == 0)
		b->chunked = true;
	else if (strcmp(line, "gzip") == 0)
		b->gzip = true;
	else if (strcmp(line, "close") == 0)
		b->close = true;
	else if (strcmp(line, "loop") == 0)
		b->loop = true;
	else {
		fprintf(stderr, "replyd: what is '%s'?\n", line);
		exit(2);
	}
}

static void
read_script(const char *path)
{
	FILE *fp = fopen(path, "r");
	struct block *b = NULL;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (fp == NULL)
		die(path);
	while ((n = getline(&line, &cap, fp)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (strcmp(line, ".") == 0) {
			b = NULL;
			continue;
		}
		if (b == NULL) {
			if (block_count == BLOCKS)
				exit(2);
			b = &blocks[block_count++];
			*b = (struct block){ .status = 200, .cut = -1 };
		}
		take_line(b, line);
	}
	free(line);
	fclose(fp);
	if (block_count == 0)
		exit(2);
}

static bool
put(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len != 0) {
		if ((n = write(fd, p, len)) <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* How long a request is, as far as what came tells; 0: it does not yet. */
static size_t
request_len(const struct buf *b)
{
	const char *end = strstr(buf_str(b), "\r\n\r\n"), *p;
	size_t body = 0;

	if (end == NULL)
		return 0;
	if ((p = strcasestr(b->data, "\r\nContent-Length:")) != NULL && p < end)
		body = strtoul(p + 17, NULL, 10);
	return (size_t)(end + 4 - b->data) + body;
}

/* A request; false when there is no more on this connection. */
static bool
get(int fd, struct buf *b)
{
	size_t want;

	buf_reset(b);
	while ((want = request_len(b)) == 0 || b->len < want) {
		ssize_t n = read(fd, buf_room(b, 4096), 4096);

		if (n <= 0 || b->len > REQUEST_MAX)
			return false;
		b->len += (size_t)n;
		b->data[b->len] = '\0';
	}
	return true;
}

static void
put_log(FILE *log, const struct buf *request)
{
	fwrite(request->data, 1, request->len, log);
	if (memcmp(request->data + request->len - 4, "\r\n\r\n", 4) != 0)
		fputs("\n\n", log);
	fflush(log);
}

/* What a command makes of the request. */
static void
run_command(const char *command, const char *request, struct buf *body)
{
	FILE *fp = fopen("request", "w");
	size_t n;

	if (fp == NULL)
		die("request");
	fputs(request, fp);
	fclose(fp);
	if ((fp = popen(command, "r")) == NULL)
		die(command);
	while ((n = fread(buf_room(body, 4096), 1, 4096, fp)) > 0)
		body->len += n;
	pclose(fp);
}

static void
compress_body(struct buf *b)
{
	z_stream z = { 0 };
	struct buf out = { 0 };
	uLong bound;

	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		exit(1);
	bound = deflateBound(&z, b->len) + 64;
	z.next_in = (Bytef *)b->data;
	z.avail_in = (uInt)b->len;
	z.next_out = (Bytef *)buf_room(&out, bound);
	z.avail_out = (uInt)bound;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(1);
	out.len = z.total_out;
	deflateEnd(&z);
	buf_free(b);
	*b = out;
}

static void
put_chunks(int fd, const char *data, size_t len)
{
	char head[32];
	size_t n;

	for (; len != 0; data += n, len -= n) {
		n = len < 7 ? len : 7;
		snprintf(head, sizeof(head), "%zx\r\n", n);
		if (!put(fd, head, strlen(head)) || !put(fd, data, n) ||
		    !put(fd, "\r\n", 2))
			return;
	}
	put(fd, "0\r\n\r\n", 5);
}

/* A parameter of the request's query, decoded; or what stands for none. */
static const char *
parameter(const char *request, const char *name, const char *none,
    char buf[static 64])
{
	char want[32];
	const char *p;
	size_t n = 0;

	snprintf(want, sizeof(want), "%s=", name);
	for (p = request; (p = strstr(p, want)) != NULL; p++)
		if (p[-1] == '?' || p[-1] == '&')
			break;
	if (p == NULL)
		return none;
	for (p += strlen(want); n < 63 && strchr("& \r", *p) == NULL; p++) {
		char hex[3] = { p[1], p[1] != '\0' ? p[2] : '\0', '\0' };

		buf[n++] = *p == '%' ? (char)strtol(hex, NULL, 16) : *p;
		if (*p == '%')
			p += 2;
	}
	buf[n] = '\0';
	return buf;
}

/* The records a request asks for, and how many there are in all. */
static long
pick_orders(const char *lines, const char *request, struct buf *body)
{
	char a[64], b[64], c[64], d[64], e[64], f[64];
	const char *after = parameter(request, "modified_after", "", a);
	const char *before = parameter(request, "modified_before", "~", b);
	const char *since = parameter(request, "updated_at_min", "", e);
	const char *most = parameter(request, "limit", "10", f);
	long limit = strtol(parameter(request, "per_page", most, c), NULL, 10);
	long offset = strtol(parameter(request, "offset", "0", d), NULL, 10);
	long total = 0;
	size_t len;

	buf_addc(body, '[');
	for (; *lines != '\0'; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		if (len < 21 || strncmp(lines, after, 19) <= 0 ||
		    strncmp(lines, since, 19) < 0 ||
		    strncmp(lines, before, 19) >= 0)
			continue;
		if (total++ < offset || total > offset + limit)
			continue;
		if (body->len > 1)
			buf_addc(body, ',');
		buf_add(body, lines + 20, len - 20);
	}
	buf_addc(body, ']');
	return total;
}

/* Answer; false: the connection is over. */
static bool
answer(int fd, const struct block *k, const char *request)
{
	struct buf head = { 0 }, body = { 0 };
	bool goes_on = k->cut < 0;
	size_t len;

	if (k->delay != 0)
		poll(NULL, 0, (int)k->delay);
	if (k->close)
		return false;
	buf_printf(&head, "HTTP/1.1 %d Status\r\n%s", k->status,
	    buf_str(&k->headers));
	if (k->shop)
		buf_printf(&head, "X-WP-Total: %ld\r\n",
		    pick_orders(buf_str(&k->body), request, &body));
	else if (k->command.len != 0)
		run_command(buf_str(&k->command), request, &body);
	else if (k->body.len != 0)
		buf_add(&body, k->body.data, k->body.len);
	if (k->gzip && strstr(request, "gzip") != NULL) {
		compress_body(&body);
		buf_adds(&head, "Content-Encoding: gzip\r\n");
	}
	if (k->chunked)
		buf_adds(&head, "Transfer-Encoding: chunked\r\n\r\n");
	else
		buf_printf(&head, "Content-Length: %zu\r\n\r\n", body.len);
	goes_on = put(fd, head.data, head.len) && goes_on;
	len = k->cut >= 0 && (size_t)k->cut < body.len ? (size_t)k->cut :
							 body.len;
	if (k->chunked)
		put_chunks(fd, buf_str(&body), len);
	else if (len != 0)
		goes_on = put(fd, body.data, len) && goes_on;
	buf_free(&head);
	buf_free(&body);
	return goes_on;
}

static int
bind_any(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) != 0 ||
	    listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		die("listen");
	port = ntohs(a.sin_port);
	return fd;
}

static void
tell_port(const char *path)
{
	struct buf tmp = { 0 };
	FILE *fp;

	if (path == NULL) {
		printf("%d\n", port);
		fflush(stdout);
		return;
	}
	buf_printf(&tmp, "%s.new", path);
	if ((fp = fopen(buf_str(&tmp), "w")) == NULL)
		die(path);
	fprintf(fp, "%d\n", port);
	fclose(fp);
	if (rename(buf_str(&tmp), path) != 0)
		die(path);
	buf_free(&tmp);
}

/* Answer the request that waits on a connection; false: it is over. */
static bool
serve(int fd, FILE *log)
{
	static struct buf request;
	static size_t next;
	const struct block *k = &blocks[next];

	if (!get(fd, &request))
		return false;
	if (k->loop)
		next = 0;
	else if (next + 1 < block_count)
		next++;
	put_log(log, &request);
	return answer(fd, k, buf_str(&request));
}

/* v[0] is the socket that others call. */
static void
serve_all(int fd, FILE *log)
{
	struct pollfd v[CONNECTIONS] = { { .fd = fd, .events = POLLIN } };
	nfds_t n = 1, i;

	while (poll(v, n, -1) > 0) {
		for (i = n - 1; i > 0; i--)
			if (v[i].revents != 0 && !serve(v[i].fd, log)) {
				close(v[i].fd);
				v[i] = v[--n];
			}
		if (v[0].revents == 0 || n == CONNECTIONS)
			continue;
		v[n].fd = accept(fd, NULL, NULL);
		v[n].events = POLLIN;
		v[n].revents = 0;
		if (v[n].fd >= 0)
			n++;
	}
}

int
main(int argc, char **argv)
{
	const char *tell = NULL;
	FILE *log;
	int fd;

	if (argc == 5 && strcmp(argv[1], "-p") == 0) {
		tell = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: replyd [-p file] script log\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = bind_any();
	read_script(argv[1]);
	if ((log = fopen(argv[2], "a")) == NULL)
		die(argv[2]);
	tell_port(tell);
	alarm(600); /* whatever becomes of the test */
	serve_all(fd, log);
	return 1;
}
