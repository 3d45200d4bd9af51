import { MemoryResultCache } from '../../../model-server/src/result-cache/memory-result-cache';
import { answerOf, keyOf } from './answers';
import { describeResultCache } from './result-cache-contract';

describe('MemoryResultCache', () => {
  const cache = (bounds = {}) => new MemoryResultCache({ entries: 1000, bytes: 2 ** 20, keepMs: 60_000, ...bounds });

  describeResultCache(() => cache());

  it('keeps no more answers than it may, those asked for longest', () => {
    const small = cache({ entries: 2 });
    for (const text of ['a', 'b']) small.set(keyOf(text), answerOf(text));
    const textOf = (key: string) => small.get(keyOf(key))?.json.toString();
    expect(textOf('a')).toBe('a');
    small.set(keyOf('c'), answerOf('c'));
    expect(['a', 'b', 'c'].map(textOf)).toEqual(['a', undefined, 'c']);
    expect(small.size).toMatchObject({ entries: 2, evictions: 1 });
  });

  it('keeps no more bytes than it may, and not what is larger than all of it', () => {
    const small = cache({ bytes: 20_000 });
    for (let i = 0; i < 100; i++) small.set(keyOf(`${i}`), answerOf('x'.repeat(1000)));
    expect(small.size.bytes).toBeLessThanOrEqual(20_000);
    expect(small.size.entries).toBeGreaterThan(5);
    expect(small.size.entries + small.size.evictions).toBe(100);
    const { entries } = small.size;
    small.set(keyOf('large'), answerOf('x'.repeat(20_000)));
    expect(small.get(keyOf('large'))).toBeUndefined();
    expect(small.size.entries).toBe(entries);
  });

  it('is empty once it is closed', () => {
    const closed = cache();
    closed.set(keyOf('a'), answerOf('a'));
    closed.close();
    expect(closed.size).toMatchObject({ entries: 0, bytes: 0 });
  });
});
