/** A server that answers one request after the other. */
export interface Queue {
  /** Requests that come in a second. */
  readonly arrivals: number;
  /** Requests that it answers in a second when it always has one. */
  readonly service: number;
}

/**
 * Milliseconds from arrival to answer that a percentile of requests stays under, in an M/M/1 queue: Poisson arrivals,
 * exponential times of service, first come first served. The time in the system is then exponential with the rate
 * μ − λ. Source: Harchol-Balter, "Performance Modeling and Design of Computer Systems" (2013), chapter 13.
 *
 * @returns Infinity when more comes than is answered
 */
export function mm1Percentile({ arrivals, service }: Queue, percentile: number): number {
  if (arrivals >= service) return Number.POSITIVE_INFINITY;
  return (1000 * Math.log(1 / (1 - percentile / 100))) / (service - arrivals);
}
