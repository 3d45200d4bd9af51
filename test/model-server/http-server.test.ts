import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import express from 'express';
import { HttpServer } from '../../model-server/src/http-server';

const FINISHED = 'http.server.response.finish';

test('rehearses refusals before it listens, tells nobody, and then refuses nobody', async () => {
  const statuses: number[] = [];
  const finished = (message: unknown) => statuses.push((message as { response: ServerResponse }).response.statusCode);
  const told: unknown[] = [];
  const app = express().get('/', (_request, response) => {
    response.send('ok');
  });
  const overload = { onChange: (now: boolean) => told.push(now), onRefused: (method: string) => told.push(method) };
  const server = new HttpServer(app, { overload });
  subscribe(FINISHED, finished);
  try {
    await server.rehearseRefusals();
    expect(new Set(statuses)).toEqual(new Set([503]));
    const port = await server.listen('127.0.0.1', 0);
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`http://127.0.0.1:${port}/`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(told).toEqual([]);
  } finally {
    unsubscribe(FINISHED, finished);
    await server.close(0);
  }
});
