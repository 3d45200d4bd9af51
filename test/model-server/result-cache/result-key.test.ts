import type { RecommendationQuery } from '../../../model-server/src/recommender';
import { resultKey } from '../../../model-server/src/result-cache/result-key';
import type { UserState } from '../../../model-server/src/user-state/user-state-store';

const query: RecommendationQuery = { limit: 10, reasons: 0, excludeSeen: true, exclude: [] };
const ann = (...items: string[]): UserState => ({ user: 'ann', events: items.map((item) => ({ item, at: 1 })) });
const version = 'a'.repeat(64);
const key = (more: Partial<RecommendationQuery> = {}, state?: UserState, model = version) =>
  resultKey(model, { ...query, ...more }, state).text;

test('equal requests about equal states have one key, in whichever process', () => {
  expect(key({}, ann('a', 'b'))).toBe(key({}, ann('a', 'b')));
});

test('whatever changes the answer changes the key', () => {
  const keys = [
    key({}, ann('a')),
    key({}, ann('a'), 'b'.repeat(64)),
    key({}, ann('a', 'b')),
    key({}, { user: 'ann', events: [{ item: 'a', at: 2 }] }),
    key({}, { user: 'bob', events: [{ item: 'a', at: 1 }] }),
    key({ limit: 11 }, ann('a')),
    key({ reasons: 1 }, ann('a')),
    key({ excludeSeen: false }, ann('a')),
    key({ exclude: ['a'] }, ann('a')),
    key({ items: ['a'] }, ann('a')),
    key({ items: ['a'] }),
    key({ items: ['a', 'b'] }),
    key({ items: ['a'], exclude: ['b'] }),
    key({ items: ['a b'] }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a key is bounded, however long the request', () => {
  const items = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(128, 'x'));
  expect(key({ items }).length).toBeLessThan(100);
  expect(key({ items })).not.toBe(key({ items: items.slice(1) }));
});
