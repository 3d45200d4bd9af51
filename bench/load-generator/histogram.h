#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

/*
 * Counts of durations in microseconds, exact below 1,024 µs and above that in buckets 1/512 (0.2 %) of the value wide,
 * up to 71 minutes: the layout of HdrHistogram (http://hdrhistogram.org) with nine significant bits.
 */
#define HISTOGRAM_BUCKETS 12288

typedef struct {
    uint64_t count;
    uint64_t sum;
    uint64_t max;
    uint32_t buckets[HISTOGRAM_BUCKETS];
} Histogram;

void histogram_add(Histogram *histogram, uint64_t microseconds);

/* The least value in microseconds that `share` (0 to 1) of the counts don't exceed, rounded up to its bucket's end. */
uint64_t histogram_quantile(const Histogram *histogram, double share);

#endif
