import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express, Router } from 'express';
import { expressPrototypes } from '../../model-server/src/express-prototypes';
import { withHotRoute } from '../../model-server/src/hot-route';

const PATH = '/shops/:shop/items';

/** An app that says which handlers saw a request, in its answer. */
function tracingApp(): Express {
  const app = express().disable('x-powered-by');
  const seen = (text: string) => (request: express.Request, _response: express.Response, next: () => void) => {
    const { trace = [] } = request as { trace?: string[] };
    Object.assign(request, { trace: [...trace, `${text} ${request.route?.path}`] });
    next();
  };
  app.use(seen('every path'));
  const router = Router();
  router
    .route(PATH)
    .all(seen('every method'))
    .post(seen('another method'))
    .get(async (request, response) => {
      if (request.query.fail === 'rejects') throw new Error('rejected');
      if (request.query.fail === 'late') response.write('begun');
      if (request.query.fail) throw new Error('thrown');
      const { params, route, query, url } = request;
      response.locals.answered = true;
      response.json({
        trace: (request as { trace?: string[] }).trace,
        params,
        query,
        url: decodeURI(url),
        path: route.path,
      });
    })
    .all((request, response) => {
      response.status(405).send(request.method);
    });
  app.use(router);
  app.use(Router().get('/elsewhere', (_request, response) => response.send('elsewhere')));
  app.use(((error, request, response, next) => {
    if (response.headersSent) next(error);
    else response.status(500).send(`${error.message} ${request.route?.path}`);
  }) satisfies ErrorRequestHandler);
  return app;
}

async function serving<T>(app: Express, listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(expressPrototypes(app), listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function ask(url: string, method = 'GET'): Promise<unknown> {
  try {
    const response = await fetch(url, { method });
    const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
    return [response.status, headers, await response.text()];
  } catch {
    return 'cut off';
  }
}

test.each([
  ['GET', '/shops/a-1._~/items?limit=3&x=y'],
  ['GET', '/shops/a/items'],
  ['GET', '/shops/a%20b/items'],
  ['GET', '/shops/a%/items'],
  ['GET', '/SHOPS/a/items/'],
  ['GET', '/shops//items'],
  ['GET', '/shops/a/b/items'],
  ['GET', '/shops/a/items?fail=throws'],
  ['GET', '/shops/a/items?fail=rejects'],
  ['GET', '/shops/a/items?fail=late'],
  ['HEAD', '/shops/a/items'],
  ['POST', '/shops/a/items'],
  ['GET', '/elsewhere'],
  ['GET', '/nowhere'],
])('%s %s is answered as by the app alone', async (method, path) => {
  const alone = tracingApp();
  const routed = tracingApp();
  let passedOn = 0;
  const counted = Object.assign(
    ((...asked: Parameters<RequestListener>) => {
      passedOn++;
      return routed(...asked);
    }) as unknown as Express,
    routed,
  );
  const expected = await serving(alone, alone, (url) => ask(`${url}${path}`, method));
  expect(await serving(routed, withHotRoute(counted, PATH), (url) => ask(`${url}${path}`, method))).toEqual(expected);
  const plain = method === 'GET' && /^\/shops\/[\w.~-]+\/items(\?|$)/.test(path);
  expect(passedOn).toBe(plain ? 0 : 1);
});

test('an app without the route, or with others before it, is refused', () => {
  const later = express().use(Router().get('/first', () => undefined));
  later.use(Router().get(PATH, () => undefined));
  const narrowed = express().use('/shops', (_request, _response, next) => next());
  narrowed.use(Router().get(PATH, () => undefined));
  for (const app of [express(), later, narrowed]) {
    expect(() => withHotRoute(app, PATH)).toThrow(`${PATH} is not among the app's first routes`);
  }
  expect(() => withHotRoute(tracingApp(), '/shops')).toThrow('/shops is no path with one parameter');
});
