import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compareServers } from '../../../cli/compare/compare-servers';
import { ModelServer } from '../../../cli/compare/model-server';

const ANSWER = JSON.stringify({
  modelVersion: 'v1',
  rung: 'popular',
  fallback: 'unknown-user',
  items: [{ id: 'mug' }],
});

interface Asked {
  readonly by: 'A' | 'B';
  readonly what: string;
}

const log: Asked[] = [];

/** A server that notes who asked it what, and answers as the API says. */
async function listener(by: Asked['by']) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    log.push({ by, what: `${request.method} ${request.url} ${body}`.trim() });
    response.end(ANSWER);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, model: new ModelServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`) };
}

test('servers take turns, each first as often, with the same requests, and the first round does not count', async () => {
  const [a, b] = [await listener('A'), await listener('B')];
  const rounds: number[] = [];
  const found = await compareServers([a.model, b.model], { rate: 60, seconds: 1 }, (round) => rounds.push(round));
  for (const { server } of [a, b]) server.close();

  const asked = log.filter(({ what }) => !what.includes('a-first-visitor'));
  const turns = asked
    .map(({ by }) => by)
    .join('')
    .match(/.{3}/g);
  expect(turns).toEqual([...'ABBAABBAABBAABBAABBAAB'].map((by) => by.repeat(3)));
  // On connections of their own, two that are sent at once may come in any order.
  const of = (by: Asked['by']) =>
    asked
      .filter((one) => one.by === by)
      .map(({ what }) => what)
      .sort();
  expect(of('A')).toEqual(of('B'));
  const kinds = [
    'GET /base/v1/users/visitor-0/recommendations?limit=10',
    'GET /base/v1/items/mug/similar',
    'POST /base/v1/recommendations {"items":["mug"]}',
  ];
  expect(of('A')).toEqual(expect.arrayContaining(kinds));
  expect(new Set(of('A').filter((what) => what.includes('/users/'))).size).toBe(11);
  expect(rounds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([found.a.asked, found.b.asked, found.secondsATurn]).toEqual([30, 30, 0.05]);
});
