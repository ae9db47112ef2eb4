/* Batches of getrandom(2); see random.h. */
#include "daemon/resolver/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/log.h"

static int refill(struct mxw_random *random)
{
	ssize_t n;
	do
		n = getrandom(random->bytes, sizeof(random->bytes), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(random->bytes))
		return n < 0 ? -errno : -EIO;
	random->n_left = sizeof(random->bytes);
	return 0;
}

static void take(struct mxw_random *random, void *ret, size_t n)
{
	if (random->n_left < n && refill(random) < 0) {
		/* It worked at start. To go on with ids that can be guessed would be worse than to end. */
		mxw_log(MXW_LOG_ERROR, "resolver: the kernel gives no random numbers, giving up");
		abort();
	}
	random->n_left -= n;
	memcpy(ret, random->bytes + random->n_left, n);
}

int mxw_random_init(struct mxw_random *random)
{
	return refill(random);
}

uint16_t mxw_random_u16(struct mxw_random *random)
{
	uint16_t value;
	take(random, &value, sizeof(value));
	return value;
}

uint64_t mxw_random_u64(struct mxw_random *random)
{
	uint64_t value;
	take(random, &value, sizeof(value));
	return value;
}
