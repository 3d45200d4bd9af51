import { EdgeStore } from '../../../cli/edge/edge-store';
import { edgeChanges } from '../../../model-server/src/edge-changes';
import { CURRENT_KEY, type EdgePack } from '../../../model-server/src/edge-pack';
import { KeyValueStoreDouble, STORE_ARN } from './key-value-store';

let double: KeyValueStoreDouble;
let store: EdgeStore;
beforeEach(async () => {
  double = new KeyValueStoreDouble();
  store = new EdgeStore(STORE_ARN, await double.start());
});
afterEach(async () => {
  store.close();
  await double.stop();
});

/** A pack of a version with so many items. */
function packOf(version: string, items: number): EdgePack {
  const entries = Array.from({ length: items }, (_, i) => ({ key: `${version}/i/${i}`, value: `["${i}"]` }));
  return { data: [{ key: CURRENT_KEY, value: JSON.stringify({ version, generation: version }) }, ...entries] };
}

async function push(pack: EdgePack): Promise<void> {
  const { entries, etag } = await store.read();
  await store.change(etag, edgeChanges(entries, pack));
}

const contentsOf = ({ data }: EdgePack) => new Map(data.map(({ key, value }) => [key, value]));

test('a promotion leaves exactly the new pack in the store, by changes of 50 pairs at most', async () => {
  await push(packOf('old', 120));
  await push(packOf('new', 130));
  expect(double.entries).toEqual(contentsOf(packOf('new', 130)));
  const sizes = double.updates.map(({ Puts = [], Deletes = [] }) => Puts.length + Deletes.length);
  expect(sizes).toEqual([50, 50, 20, 1, 50, 50, 30, 1, 50, 50, 20]);
});

test('at each moment the store holds all of the pack that its pointer names', async () => {
  await push(packOf('old', 120));
  const moments: boolean[] = [];
  double.beforeUpdate = () => {
    const { generation } = JSON.parse(double.entries.get(CURRENT_KEY) as string);
    const named = packOf(generation, generation === 'old' ? 120 : 130);
    moments.push([...contentsOf(named)].every(([key, value]) => double.entries.get(key) === value));
  };
  await push(packOf('new', 130));
  // The pointer has moved when the old pack's keys go.
  expect(moments).toEqual(Array.from({ length: 7 }, () => true));
});

test('pushing a pack again changes nothing', async () => {
  await push(packOf('one', 60));
  const before = double.updates.length;
  await push(packOf('one', 60));
  expect(double.updates).toHaveLength(before);
});

test('a push that was interrupted is finished by the next one', async () => {
  await push(packOf('old', 60));
  const { entries, etag } = await store.read();
  await store.change(etag, edgeChanges(entries, packOf('new', 60)).slice(0, 1));
  expect(JSON.parse(double.entries.get(CURRENT_KEY) as string).version).toBe('old');
  await push(packOf('new', 60));
  expect(double.entries).toEqual(contentsOf(packOf('new', 60)));
});

test('fails when somebody else changes the store meanwhile, and says what is done', async () => {
  const { entries, etag } = await store.read();
  let updates = 0;
  double.beforeUpdate = () => {
    if (++updates === 2) double.touch();
  };
  await expect(store.change(etag, edgeChanges(entries, packOf('new', 120)))).rejects.toMatchObject({
    name: 'ConflictError',
    message: 'the store was changed by somebody else meanwhile; 1 of 4 changes are done',
    hint: 'Run the command again: it does what is left.',
  });
});

test('requests are signed for all regions, without native code', async () => {
  await store.read();
  expect([...double.signedBy]).toEqual(['AWS4-ECDSA-P256-SHA256']);
});
