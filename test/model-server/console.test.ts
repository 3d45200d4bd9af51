import { publish, request, Workbench } from './fixtures';

describe('the console', () => {
  const bench = new Workbench();
  let url: string;
  beforeAll(async () => {
    const config = await bench.config({ console: true });
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  it('is served at / with every file it names', async () => {
    const { status, headers, body } = await request(`${url}/`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files.sort()).toEqual(['icon.svg', 'page.css', 'page.js']);
    for (const file of files) expect((await request(`${url}/${file}`)).status).toBe(200);
  });

  it('allows itself no script or style but its own files, and has none inline', async () => {
    const { headers, body } = await request(`${url}/`);
    const policy = headers.get('content-security-policy');
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toMatch(/style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https:|data:|upgrade-insecure/);
    expect(body).not.toMatch(/<style|style="|\son\w+="|<script>/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('does not let a path out of its folder', async () => {
    for (const path of ['/..%2fpackage.json', '/%2e%2e/package.json', '/..%5cpackage.json']) {
      expect((await request(`${url}${path}`)).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('is closed by default, and with it the routes that show customers', async () => {
    const config = await bench.config();
    await publish(config.store);
    const closed = (await bench.server(config)).url;
    expect((await request(`${closed}/v1/model`)).status).toBe(200);
    for (const path of ['/', '/page.js', '/v1/users']) {
      expect((await request(`${closed}${path}`)).status).toBe(404);
    }
    // It can be forgotten, but not shown.
    expect((await request(`${closed}/v1/users/ann`)).status).toBe(405);
  });
});
