import { Agent, request } from 'node:http';

const TIMEOUT_MS = 10_000;
const TICK_MS = 5;
const ITEMS = 500;
/** One request in so many is a purchase, which is written down. */
const PURCHASE_EVERY = 10;

/** Requests at a steady rate through one proxy, whether or not answers come. */
export class Shopper {
  readonly counts = { requests: 0, failed: 0 };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly timer: NodeJS.Timeout;

  /** @param rate requests a second */
  constructor(
    private readonly port: number,
    rate: number,
  ) {
    const begun = performance.now();
    this.timer = setInterval(() => {
      const due = ((performance.now() - begun) / 1000) * rate;
      while (this.counts.requests < due) this.ask(this.counts.requests);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.agent.destroy();
  }

  private ask(count: number): void {
    this.counts.requests += 1;
    let settled = false;
    const settle = (failed: boolean) => {
      if (!settled && failed) this.counts.failed += 1;
      settled = true;
    };
    const { method, path, body } = shopRequest(count);
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(
      { host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent },
      (answer) => {
        answer.resume();
        answer.on('end', () => settle((answer.statusCode as number) >= 400));
        answer.on('error', () => settle(true));
      },
    );
    asked.setTimeout(TIMEOUT_MS, () => asked.destroy());
    asked.on('error', () => settle(true));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  }
}

interface ShopRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

function shopRequest(count: number): ShopRequest {
  const item = (offset: number) => `item-${(count * 7 + offset) % ITEMS}`;
  if (count % PURCHASE_EVERY === 0) {
    const event = {
      id: `${process.pid}-${count}-${Date.now()}`,
      type: 'purchase',
      user: `${count % 300}`,
      item: item(0),
    };
    return { method: 'POST', path: '/v1/events', body: { events: [{ ...event, at: new Date().toISOString() }] } };
  }
  if (count % 3 === 0) return { method: 'GET', path: `/v1/users/${count % 300}/recommendations?limit=10` };
  if (count % 3 === 1) return { method: 'GET', path: `/v1/items/${item(0)}/similar` };
  return { method: 'POST', path: '/v1/recommendations', body: { items: [item(0), item(1), item(2)] } };
}
