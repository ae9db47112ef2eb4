/* The words of record types; see record_type.h. */
#include "lib/target/record_type.h"

static const char *const names[MXW_N_RECORD_TYPES] = {
	[MXW_RECORD_MX] = "mx",           [MXW_RECORD_SPF] = "spf", [MXW_RECORD_NS] = "ns",
	[MXW_RECORD_ADDRESS] = "address", [MXW_RECORD_PTR] = "ptr",
};

const char *mxw_record_type_name(enum mxw_record_type type)
{
	return names[type];
}
