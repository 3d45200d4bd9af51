import { canonicalJson, ModelRegistry, type ObjectStore, sha256 } from '@cdktf-recommender/model-registry';
import { type Candidate, candidate, MODEL, type StoreUnderTest } from './fixtures';

/** How the registry finds a version, on every store. */
export function describeResolve(store: StoreUnderTest): void {
  const by = { by: 'ann' };
  const [one, two] = [candidate(1), candidate(2)];
  let objects: ObjectStore;
  let registry: ModelRegistry;
  const register = async (...candidates: Candidate[]) => {
    for (const each of candidates) await registry.register(each);
  };

  beforeEach(async () => {
    await store.fresh();
    objects = await store.open();
    registry = new ModelRegistry(objects, MODEL);
  });

  test('finds a version by channel, whole, and by its first 6 digits', async () => {
    await register(one, two);
    await registry.promote('prod', two.version, by);
    expect(await registry.resolve('prod')).toBe(two.version);
    expect(await registry.resolve(one.version)).toBe(one.version);
    expect(await registry.resolve(one.version.slice(0, 6))).toBe(one.version);
  });

  test('a prefix of several versions is ambiguous, and a longer one is not', async () => {
    const [first, second] = collision();
    await register(first, second);
    const prefix = first.version.slice(0, 6);
    await expect(registry.resolve(prefix)).rejects.toMatchObject({
      code: 'AMBIGUOUS_VERSION',
      message: expect.stringMatching(`^"${prefix}" fits 2 versions: ${prefix}.{6}, ${prefix}.{6}$`),
    });
    expect(await registry.resolve(first.version.slice(0, 16))).toBe(first.version);
  });

  test('what is not there is said, with what is', async () => {
    await register(one);
    await registry.promote('prod', one.version, by);
    await expect(registry.resolve('staging')).rejects.toMatchObject({
      code: 'CHANNEL_NOT_FOUND',
      message: `${objects.url} has no channel "staging" of model "shop"`,
      hint: 'There are: prod.',
    });
    for (const reference of [two.version, two.version.slice(0, 8)]) {
      await expect(registry.resolve(reference)).rejects.toMatchObject({
        code: 'VERSION_NOT_FOUND',
        message: `${objects.url} has no version ${reference} of model "shop"`,
      });
    }
  });
}

/** Two versions with the same first 6 digits: by the birthday paradox within some thousands. */
function collision(): [Candidate, Candidate] {
  const { manifest } = candidate(0);
  const seen = new Map<string, number>();
  for (let lambda = 1; ; lambda++) {
    const algorithm = { name: 'ease', parameters: { lambda } };
    const prefix = sha256(canonicalJson({ ...manifest, algorithm })).slice(0, 6);
    const earlier = seen.get(prefix);
    if (earlier) {
      return [
        candidate(0, { algorithm: { name: 'ease', parameters: { lambda: earlier } } }),
        candidate(0, { algorithm }),
      ];
    }
    seen.set(prefix, lambda);
  }
}
