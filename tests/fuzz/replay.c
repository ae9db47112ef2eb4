/* Feeds every file of the directories named on the command line to a fuzz target, without libFuzzer: what was found
 * once stays tested by every compiler. Fails if a directory holds nothing. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/util.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_OCTETS = 1 << 20 };

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return -1;
	}
	uint8_t *buffer = malloc(MAX_OCTETS);
	size_t n = buffer ? fread(buffer, 1, MAX_OCTETS, file) : 0;
	fclose(file);
	/* A block of the exact size, so that the sanitizer sees the first octet too many. */
	uint8_t *exact = buffer ? realloc(buffer, n ? n : 1) : NULL;
	if (!exact) {
		free(buffer);
		return -1;
	}
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

static int replay_directory(const char *directory)
{
	DIR *dir = opendir(directory);
	if (!dir) {
		perror(directory);
		return -1;
	}
	unsigned n = 0;
	int r = 0;
	for (struct dirent *entry; r == 0 && (entry = readdir(dir)) != NULL;) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		r = replay_file(path);
		n++;
	}
	closedir(dir);
	printf("%s: %u inputs\n", directory, n);
	return r < 0 || n == 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay_directory(argv[i]) < 0)
			return EXIT_FAILURE;
	return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
