import express from 'express';
import { ROUTES } from '../../../bench/abuse/routes';
import { Workbench } from '../../model-server/fixtures';

/** Express makes its routers' routes by this one method. */
const { prototype } = express.Router as unknown as { prototype: { route(path: string): unknown } };

describe('the routes that are attacked', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  it('are all that the server has', async () => {
    const route = jest.spyOn(prototype, 'route');
    try {
      await bench.server(await bench.config({ console: true }));
      // The admin port is the operator's own, on loopback.
      const served = route.mock.calls.map(([path]) => path).filter((path) => !path.startsWith('/debug/'));
      expect(served).toContain('/livez');
      // The page's files have no routes.
      const attacked = ROUTES.map(({ path }) => path).filter((path) => path !== '/');
      expect([...new Set(attacked)].sort()).toEqual([...new Set(served)].sort());
    } finally {
      route.mockRestore();
    }
  });
});
