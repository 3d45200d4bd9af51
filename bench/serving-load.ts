/** Asks a server for its customers' recommendations, and sends the result to the process that started it. */
import autocannon from 'autocannon';
import { histories } from './histories';

const [url = '', connections, warmUp, seconds] = process.argv.slice(2);

async function main(): Promise<void> {
  const requests = histories().map((_, user) => ({ path: `/v1/users/${user}/recommendations` }));
  const load = { url, requests, connections: Number(connections) };
  await autocannon({ ...load, duration: Number(warmUp) });
  process.send?.('warm');
  const {
    requests: rate,
    latency,
    errors,
    non2xx,
    timeouts,
  } = await autocannon({ ...load, duration: Number(seconds) });
  process.send?.({
    requests: rate.total,
    requestsPerSecond: rate.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: errors + non2xx + timeouts,
  });
}

void main();
