import { type Handler, serveInvocations } from '@cdktf-recommender/aws-functions';
import { RuntimeApi } from '../../rehearsal/src/functions/runtime-api';
import { silent } from '../model-server/fixtures';

/** A function served by its runtime API until `use` is over, or until it ends by itself; answers why it ended. */
async function served(
  open: () => Promise<Handler>,
  use: (api: RuntimeApi) => Promise<void>,
  { endsItself = false } = {},
): Promise<unknown> {
  const api = await RuntimeApi.start('arn:aws:lambda:us-east-1:123456789012:function:test');
  const stop = new AbortController();
  const serving = serveInvocations({ api: api.address, open, logger: silent, signal: stop.signal }).catch(
    (error: Error) => error,
  );
  try {
    await use(api);
    if (endsItself) await serving;
  } finally {
    stop.abort();
    api.close();
  }
  return serving;
}

const soon = () => Date.now() + 1000;

test('events are answered one after another, each with its deadline', async () => {
  const handler: Handler = async (event, { deadlineMs, requestId }) => ({ event, deadlineMs, known: requestId !== '' });
  await served(
    async () => handler,
    async (api) => {
      for (const event of [{ n: 1 }, { n: 2 }]) {
        const deadlineMs = soon();
        expect(await api.invoke(event, deadlineMs)).toEqual({
          failed: false,
          payload: { event, deadlineMs, known: true },
        });
      }
    },
  );
});

test('an answer of nothing is null', async () => {
  await served(
    async () => async () => undefined,
    async (api) => expect(await api.invoke({}, soon())).toEqual({ failed: false, payload: null }),
  );
});

test('a failure has the name of its error, and the next event is answered', async () => {
  let calls = 0;
  const handler: Handler = async () => {
    if (calls++ === 0) throw Object.assign(new Error('the bucket is away'), { name: 'StoreUnavailable' });
    return 'well';
  };
  await served(
    async () => handler,
    async (api) => {
      expect(await api.invoke({}, soon())).toMatchObject({
        failed: true,
        payload: { errorType: 'StoreUnavailable', errorMessage: 'the bucket is away' },
      });
      expect(await api.invoke({}, soon())).toEqual({ failed: false, payload: 'well' });
    },
  );
});

test('fails when the function can not be opened, and Lambda is told', async () => {
  const error = await served(
    async () => {
      throw new Error('FUNCTIONS_MODEL is missing');
    },
    async (api) => {
      const { failed, payload } = await api.invoke({}, soon());
      expect([failed, payload]).toEqual([
        true,
        expect.objectContaining({ errorMessage: 'FUNCTIONS_MODEL is missing' }),
      ]);
    },
    { endsItself: true },
  );
  expect(error).toMatchObject({ message: 'FUNCTIONS_MODEL is missing' });
});
