#include "histogram.h"

#include <math.h>

enum { SUB_BUCKETS = 512, EXACT = 2 * SUB_BUCKETS };

static unsigned bucket_of(uint64_t value) {
    if (value < EXACT) return (unsigned)value;
    if (value > UINT32_MAX) value = UINT32_MAX;
    unsigned shift = 22 - (unsigned)__builtin_clz((unsigned)value);
    return shift * SUB_BUCKETS + (unsigned)(value >> shift);
}

static uint64_t end_of(unsigned bucket) {
    if (bucket < EXACT) return bucket;
    unsigned shift = bucket / SUB_BUCKETS - 1;
    return (((uint64_t)(bucket - shift * SUB_BUCKETS) + 1) << shift) - 1;
}

void histogram_add(Histogram *histogram, uint64_t microseconds) {
    histogram->count++;
    histogram->sum += microseconds;
    if (microseconds > histogram->max) histogram->max = microseconds;
    histogram->buckets[bucket_of(microseconds)]++;
}

uint64_t histogram_quantile(const Histogram *histogram, double share) {
    if (histogram->count == 0) return 0;
    uint64_t rank = (uint64_t)ceil(share * (double)histogram->count);
    if (rank == 0) rank = 1;
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen >= rank) return end_of(bucket) < histogram->max ? end_of(bucket) : histogram->max;
    }
    return histogram->max;
}
