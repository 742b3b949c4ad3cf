/* replay - feed files to a fuzz target, for when there is no libFuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLAY_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	uint8_t *data = malloc(REPLAY_MAX), *copy;
	size_t size;
	FILE *fp;
	int i;

	if (data == NULL)
		return 1;
	for (i = 1; i < argc; i++) {
		if ((fp = fopen(argv[i], "rb")) == NULL) {
			perror(argv[i]);
			free(data);
			return 1;
		}
		size = fread(data, 1, REPLAY_MAX, fp);
		fclose(fp);
		/* of the exact size, so that a sanitizer sees its ends */
		if ((copy = malloc(size != 0 ? size : 1)) == NULL)
			abort();
		for (size_t j = 0; j < size; j++)
			copy[j] = data[j];
		LLVMFuzzerTestOneInput(copy, size);
		free(copy);
	}
	free(data);
	return 0;
}
