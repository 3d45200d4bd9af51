import { startHealthServer } from '../../model-follower/src';

test('says that it lives and is ready, or what is wrong, and nothing else', async () => {
  let hang: string | undefined;
  let unready: string | undefined;
  const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, { hang: () => hang, unready: () => unready });
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return [response.status, await response.json()];
  };
  try {
    expect(await ask('/livez')).toEqual([200, { status: 'ok' }]);
    unready = 'the store is away';
    expect(await ask('/livez')).toEqual([200, { status: 'ok' }]);
    expect(await ask('/readyz')).toEqual([503, { status: unready }]);
    unready = undefined;
    expect(await ask('/readyz')).toEqual([200, { status: 'ok' }]);
    hang = 'a look has not ended for 121 s';
    expect(await ask('/livez')).toEqual([503, { status: hang }]);
    const other = [404, { status: 'there is only GET /livez and GET /readyz' }];
    expect([await ask('/'), await ask('/livez?x=1'), await ask('/livez', 'POST')]).toEqual([other, other, other]);
  } finally {
    server.close();
  }
});
