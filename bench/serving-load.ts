/** Asks a server for recommendations, and sends the result to the process that started it. */
import autocannon from 'autocannon';
import { histories } from './histories';

const [url = '', kind = '', connections, warmUp, seconds] = process.argv.slice(2);

/** By customer (`GET`), or by the same items as a session (`POST`). */
function requests(): autocannon.Request[] {
  if (kind === 'GET') return histories().map((_, user) => ({ path: `/v1/users/${user}/recommendations` }));
  const headers = { 'content-type': 'application/json' };
  return histories().map((items) => {
    return { method: 'POST', path: '/v1/recommendations', headers, body: JSON.stringify({ items }) };
  });
}

async function main(): Promise<void> {
  const load = { url, requests: requests(), connections: Number(connections) };
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
