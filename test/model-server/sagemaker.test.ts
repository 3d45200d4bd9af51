import { FileUserStateStore } from '../../model-server/src/user-state/file-user-state-store';
import { post, publish, request, Workbench } from './fixtures';

const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

describe('what SageMaker asks a container', () => {
  const bench = new Workbench();
  let url: string;

  beforeAll(async () => {
    const config = await bench.config();
    await publish(config.store);
    const users = new FileUserStateStore({ directory: config.users, usersCached: 0 });
    await users.append('ann', [{ item: 'item-0', at: Date.parse('2011-09-30T12:00:00Z') }]);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  it('is answered by 200 without a body when it pings', async () => {
    const { status, body } = await request(`${url}/ping`);
    expect([status, body]).toEqual([200, '']);
  });

  it.each([
    ['a session', { items: ['item-1'], limit: 2 }],
    ['a session of a known customer', { user: 'ann', items: ['item-4'], reasons: 2, exclude: ['item-1'] }],
  ])('is answered for %s as /v1/recommendations answers the same body', async (_, query) => {
    const invoked = await post(`${url}/invocations`, query);
    const asked = await post(`${url}/v1/recommendations`, query);
    expect(invoked.status).toBe(200);
    expect(invoked.body).toEqual(asked.body);
    expect(invoked.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('is answered for a customer alone as /v1/users/:user/recommendations answers', async () => {
    const invoked = await post(`${url}/invocations`, { user: 'ann', limit: 2, reasons: 1, excludeSeen: false });
    const asked = await request(`${url}/v1/users/ann/recommendations?limit=2&reasons=1&excludeSeen=false`);
    expect([invoked.status, invoked.body]).toEqual([200, asked.body]);
    expect([invoked.body.rung, ids(invoked.body)]).toEqual(['personal', ['item-1', 'item-2']]);
  });

  it('is answered for an unknown customer alone by popular items, and told so', async () => {
    const { body } = await post(`${url}/invocations`, { user: 'nobody', limit: 1 });
    expect([body.rung, body.fallback]).toEqual(['popular', 'unknown-user']);
  });

  it.each([
    ['neither items nor a customer', {}, 'items: got null, allowed is 1 to 100 item ids, or user alone'],
    ['no items in a session', { items: [] }, 'items: got [], allowed is 1 to 100 item ids'],
    ['a wrong limit of a customer', { user: 'ann', limit: 0 }, 'limit: got 0, allowed is a whole number from 1 to 100'],
    [
      'a form of another server',
      { user: 'ann', instances: [] },
      'instances: got [], allowed is one of user, limit, reasons, excludeSeen, exclude',
    ],
  ])('is told of %s what is allowed', async (_, sent, detail) => {
    const { status, body, headers } = await post(`${url}/invocations`, sent);
    expect([status, body.type, body.detail]).toEqual([400, 'urn:cdktf-recommender:problem:invalid-request', detail]);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is told that nothing but JSON is read, and which methods there are', async () => {
    const csv = await post(`${url}/invocations`, 'item-0,item-1', { 'content-type': 'text/csv' });
    expect([csv.status, csv.body.detail]).toEqual([415, 'send Content-Type: application/json']);
    const got = await request(`${url}/invocations`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const posted = await post(`${url}/ping`, {});
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('a ping', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());
  const ping = async (url: string) => {
    const { status, body } = await request(`${url}/ping`);
    return [status, body.detail];
  };

  it('fails without a model, and no longer when there is one', async () => {
    const config = await bench.config();
    const { url, models } = await bench.server(config);
    expect(await ping(url)).toEqual([503, expect.stringMatching(/no model store at/)]);
    await publish(config.store);
    await models.look();
    expect(await ping(url)).toEqual([200, undefined]);
  });

  it('fails while the server drains, and invocations are still answered', async () => {
    const config = await bench.config({ drainSeconds: 60 });
    await publish(config.store);
    const server = await bench.server(config);
    const closed = server.close();
    expect(await ping(server.url)).toEqual([503, 'draining: the server is shutting down']);
    expect((await post(`${server.url}/invocations`, { items: ['item-0'] })).status).toBe(200);
    await server.close();
    await closed;
  });
});
