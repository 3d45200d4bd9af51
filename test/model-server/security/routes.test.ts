import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Express, Router } from 'express';
import { createApp } from '../../../model-server/src/app';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { routesOf } from '../../../model-server/src/security/route-guard';
import { ROUTE_SCOPES, SCOPES, scopeOfRoute } from '../../../model-server/src/security/scopes';
import { createSecurity } from '../../../model-server/src/security/security';
import { silent, Workbench } from '../fixtures';

/** Stands in for the parts that routes are made with; no route is asked anything here. */
const part: never = new Proxy(() => part, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '' : part),
}) as never;

function everyRouter(app: Express): Router[] {
  const found: Router[] = [];
  const visit = (router: Router) => {
    found.push(router);
    for (const { handle } of router.stack) if ('stack' in handle) visit(handle as unknown as Router);
  };
  visit(app.router as unknown as Router);
  return found;
}

describe('the routes of the app', () => {
  const bench = new Workbench();
  let routes: { path: string; stack: readonly { method?: string }[] }[];
  beforeAll(async () => {
    const apiKeysFile = join(await bench.directory(), 'keys.jsonl');
    await writeFile(apiKeysFile, JSON.stringify(createApiKey({ id: 'shop', scopes: ['admin'] }).record));
    const config = await bench.config({ console: true, apiKeysFile });
    const security = createSecurity({ config, logger: silent });
    const known: Record<string | symbol, unknown> = { config, security, logger: silent };
    const app = createApp(new Proxy(known, { get: (parts, name) => parts[name] ?? part }) as never);
    security.close();
    routes = everyRouter(app).flatMap(routesOf);
  });
  afterAll(() => bench.cleanUp());

  it('all have a scope in the table, which has no other', () => {
    const handled = routes.flatMap(({ path, stack }) =>
      stack.flatMap(({ method }) => (method ? [`${method.toUpperCase()} ${path}`] : [])),
    );
    expect(handled).toContain('GET /v1/users/:user/recommendations');
    expect(handled.filter((route) => !(route in ROUTE_SCOPES))).toEqual([]);
    expect(Object.keys(ROUTE_SCOPES).filter((route) => !handled.includes(route))).toEqual([]);
  });

  it('have one handler for any method besides the guard: the one that says which are allowed', () => {
    for (const { path, stack } of routes) {
      expect([path, stack.filter(({ method }) => !method).length]).toEqual([path, 2]);
      expect(stack[0]?.method).toBeUndefined();
    }
  });

  it('need the scope of whoever may do everything when they are not in the table', () => {
    expect(scopeOfRoute('GET', '/v1/secrets')).toBe('admin');
    expect(scopeOfRoute('HEAD', '/v1/model')).toBe('models:read');
  });

  it('are the only place that a scope is for', () => {
    const used = new Set(Object.values(ROUTE_SCOPES));
    expect(SCOPES.filter((scope) => scope !== 'admin' && !used.has(scope))).toEqual([]);
  });
});
