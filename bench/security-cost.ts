import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey, createSecurity, type Security, ServerConfig } from '@cdktf-recommender/model-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pino from 'pino';

const ROUNDS = 5;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'recommender';
const logger = pino({ level: 'silent' });

/** What each check of a request costs by itself, microseconds of one thread: `node dist/bench/security-cost.js`. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'security-cost-'));
  try {
    const apiKeysFile = join(folder, 'keys.jsonl');
    const { key, record } = createApiKey({ id: 'shop', scopes: ['recommendations:read'] });
    writeFileSync(apiKeysFile, JSON.stringify(record));
    const keyed = security({ apiKeysFile });
    await report('API key', 100_000, () => keyed.access.authenticate({ 'x-api-key': key }));

    for (const alg of ['ES256', 'RS256', 'Ed25519']) {
      const { jwksUri, token } = await issue(alg, folder);
      const headers = { authorization: `Bearer ${token}` };
      const jwt = { jwksUri, jwtIssuer: ISSUER, jwtAudiences: [AUDIENCE] };
      const cached = security(jwt);
      await cached.access.authenticate(headers);
      await report(`${alg} token of ${token.length} bytes, cached`, 100_000, () => cached.access.authenticate(headers));
      const uncached = security({ ...jwt, tokenCacheSize: 0 });
      await report(`${alg} token, not cached`, 1000, () => uncached.access.authenticate(headers));
    }

    const limited = security({ rateLimitPerAddress: 1_000_000_000 });
    const addresses = Array.from({ length: 10_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    let next = 0;
    await report('limit in memory, 10,000 addresses', 100_000, () => {
      next = (next + 1) % addresses.length;
      return limited.access.perAddress?.limit.take(addresses[next] as string);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function security(settings: Partial<ServerConfig>): Security {
  const made = createSecurity({ config: ServerConfig.parse(settings), logger });
  // Files are watched by timers that hold no process; this ends them.
  made.close();
  return made;
}

async function issue(alg: string, folder: string): Promise<{ jwksUri: string; token: string }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwksUri = join(folder, `${alg}.json`);
  writeFileSync(jwksUri, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg }] }));
  const token = await new SignJWT({ scope: 'recommendations:read', client_id: 'shop', tenant: 'x'.repeat(200) })
    .setProtectedHeader({ alg, kid: 'bench', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('00000000-0000-4000-8000-000000000000')
    .setIssuedAt()
    .setExpirationTime('1 h')
    .sign(privateKey);
  return { jwksUri, token };
}

/** Prints the median round; processor time of all threads is beside it, since signatures are checked in others too. */
async function report(what: string, times: number, run: () => unknown): Promise<void> {
  const measured: { wall: number; cpu: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    const wall = ((performance.now() - started) * 1000) / times;
    const { user, system } = process.cpuUsage(before);
    // The first one warms up.
    if (round > 0) measured.push({ wall, cpu: (user + system) / times });
  }
  measured.sort((a, b) => a.wall - b.wall);
  const { wall, cpu } = measured[Math.floor(ROUNDS / 2)] as { wall: number; cpu: number };
  console.log(`${what}: ${wall.toFixed(2)} µs, ${cpu.toFixed(2)} µs of processor time`);
}

void main();
