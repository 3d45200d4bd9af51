import { type ResultCache, SerializedAnswer } from '../../../model-server/src/result-cache/result-cache';
import { answerOf, keyOf, VERSION } from './answers';

/** What every result cache does. What is set is there when `settled` resolves. */
export function describeResultCache(open: () => ResultCache | Promise<ResultCache>, settled = async () => {}): void {
  let cache: ResultCache;
  beforeEach(async () => {
    cache = await open();
  });

  it('gives back what it was given, under that key alone', async () => {
    const session = new SerializedAnswer(VERSION, 'session', 'unknown-user', Buffer.from('[{"id":"ä\\n名"}]'));
    cache.set(keyOf('a'), session);
    cache.set(keyOf('b', 'ann'), answerOf('[]'));
    await settled();
    expect(await cache.get(keyOf('a'))).toEqual(session);
    expect(await cache.get(keyOf('b', 'ann'))).toEqual(answerOf('[]'));
    expect(await cache.get(keyOf('c'))).toBeUndefined();
    expect(await cache.get(keyOf('c', 'ann'))).toBeUndefined();
  });

  it("drops a customer's answers, and nobody else's", async () => {
    for (const text of ['a', 'b']) cache.set(keyOf(text, 'ann'), answerOf(text));
    cache.set(keyOf('c', '{ann}'), answerOf('c'));
    cache.set(keyOf('d'), answerOf('d'));
    await settled();
    await cache.erase('ann');
    expect(await Promise.all(['a', 'b'].map((text) => cache.get(keyOf(text, 'ann'))))).toEqual([undefined, undefined]);
    expect((await cache.get(keyOf('c', '{ann}')))?.json.toString()).toBe('c');
    expect((await cache.get(keyOf('d')))?.json.toString()).toBe('d');
  });
}
