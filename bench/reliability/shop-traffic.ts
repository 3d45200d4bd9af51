import { generator } from '../histories';
import { rawRequest } from '../load-generator';

/**
 * What a shop asks, one request like the next in cost: a known customer's page, a similar-items box, a session.
 *
 * @param items the model's item ids
 */
export function shopTraffic(items: readonly string[], seed: number, count = 300): string[] {
  const random = generator(seed);
  const item = () => items[Math.floor(random() * items.length)] as string;
  return Array.from({ length: count }, (_, i) => {
    if (i % 3 === 0) return rawRequest('GET', `/v1/users/${i}/recommendations?limit=10`);
    if (i % 3 === 1) return rawRequest('GET', `/v1/items/${item()}/similar`);
    return rawRequest('POST', '/v1/recommendations', { items: [item(), item(), item()] });
  });
}
