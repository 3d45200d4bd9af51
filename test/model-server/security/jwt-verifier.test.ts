import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import {
  KeySetUnavailableError,
  localKeySet,
  type RemoteKeySetOptions,
  remoteKeySet,
} from '../../../model-server/src/security/jwks';
import { JWT_ALGORITHMS } from '../../../model-server/src/security/jwt-algorithms';
import { JwtVerifier, type JwtVerifierOptions } from '../../../model-server/src/security/jwt-verifier';
import { silent, Workbench } from '../fixtures';
import { AUDIENCE, Issuer, unsigned } from './issuer';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

async function issuer(alg?: string): Promise<Issuer> {
  const started = await Issuer.start(alg);
  undo.push(() => started.close());
  return started;
}

function verifier(
  of: Issuer,
  options: Partial<JwtVerifierOptions> = {},
  remote: RemoteKeySetOptions = {},
): JwtVerifier {
  const keys = remoteKeySet(of.jwksUri, silent, remote);
  undo.push(() => keys.close());
  return new JwtVerifier({
    keys,
    issuer: of.url,
    audiences: [AUDIENCE],
    algorithms: JWT_ALGORITHMS,
    clockSkewSeconds: 30,
    ...options,
  });
}

const seconds = () => Math.floor(Date.now() / 1000);

describe('a token', () => {
  it.each(JWT_ALGORITHMS)('that is signed by %s is accepted', async (alg) => {
    const from = await issuer(alg);
    const { principal, expires } = await verifier(from).verify(
      await from.token({ claims: { scope: 'recommendations:read events:write', exp: seconds() + 100 } }),
    );
    expect([...principal.scopes]).toEqual(['recommendations:read', 'events:write']);
    expect(expires / 1000).toBeCloseTo(seconds() + 100, -1);
  });

  it.each([
    ['has expired', { exp: seconds() - 40 }, 'ERR_JWT_EXPIRED'],
    ['has no end', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['has an end that is no number', { exp: 'tomorrow' as never }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['is not valid yet', { nbf: seconds() + 60 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['is for another audience', { aud: 'billing' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['is for nobody', { aud: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['is of another issuer', { iss: 'https://evil.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['is of no issuer', { iss: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('that %s is refused', async (_, claims, reason) => {
    const from = await issuer();
    await expect(verifier(from).verify(await from.token({ claims }))).rejects.toThrow(reason);
  });

  it('may be as much too late or too early as clocks may differ', async () => {
    const from = await issuer();
    const late = await from.token({ claims: { exp: seconds() - 10 } });
    await expect(verifier(from).verify(late)).resolves.toHaveProperty('principal');
    await expect(verifier(from, { clockSkewSeconds: 0 }).verify(late)).rejects.toThrow('ERR_JWT_EXPIRED');
    const early = await from.token({ claims: { nbf: seconds() + 10 } });
    await expect(verifier(from).verify(early)).resolves.toHaveProperty('principal');
  });

  it('for several audiences is accepted when one of them is ours', async () => {
    const from = await issuer();
    const token = await from.token({ claims: { aud: ['billing', AUDIENCE] } });
    await expect(verifier(from).verify(token)).resolves.toHaveProperty('principal');
  });

  it('without a signature is refused, however its header spells that', async () => {
    const from = await issuer();
    const claims = { iss: from.url, aud: AUDIENCE, exp: seconds() + 100, scope: 'admin' };
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0]) {
      await expect(verifier(from).verify(unsigned({ alg }, claims))).rejects.toThrow(/ERR_(JWS|JOSE)/);
    }
  });

  it('is refused when the public key is passed off as the secret of an HMAC', async () => {
    const from = await issuer('RS256');
    const [jwk] = from.jwks.keys;
    for (const secret of [JSON.stringify(jwk), String(jwk?.n), '']) {
      const [head, payload] = unsigned(
        { alg: 'HS256', kid: 'first' },
        { iss: from.url, aud: AUDIENCE, exp: seconds() + 100, scope: 'admin' },
      ).split('.');
      const mac = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url');
      await expect(verifier(from).verify(`${head}.${payload}.${mac}`)).rejects.toThrow('ERR_JOSE_ALG_NOT_ALLOWED');
    }
  });

  it('is refused when it brings its own key', async () => {
    const [from, evil] = [await issuer(), await issuer()];
    const claims = { iss: from.url, aud: AUDIENCE, exp: seconds() + 100 };
    const token = await evil.token({ claims });
    const [, payload, signature] = token.split('.');
    const header = { alg: 'ES256', kid: 'first', jwk: evil.jwks.keys[0], jku: evil.jwksUri };
    await expect(
      verifier(from).verify(`${unsigned(header, {}).split('.')[0]}.${payload}.${signature}`),
    ).rejects.toThrow('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(evil.asked).toBe(0);
  });

  it('is refused when a header parameter that it calls critical is not known', async () => {
    const from = await issuer();
    const [, payload, signature] = (await from.token()).split('.');
    const header = unsigned({ alg: 'ES256', kid: 'first', crit: ['b64'], b64: false }, {}).split('.')[0];
    await expect(verifier(from).verify(`${header}.${payload}.${signature}`)).rejects.toThrow(/ERR_J/);
  });

  it('is refused when it is cut off anywhere, or any character of its signature is another', async () => {
    const from = await issuer();
    const check = verifier(from);
    const token = await from.token();
    for (let length = 0; length < token.length; length += 7) {
      await expect(check.verify(token.slice(0, length))).rejects.toThrow(/ERR_J/);
    }
    const start = token.lastIndexOf('.') + 1;
    // Of the last character only some bits belong to the signature.
    for (let at = start; at < token.length - 1; at += 5) {
      const other = token[at] === 'A' ? 'B' : 'A';
      await expect(check.verify(token.slice(0, at) + other + token.slice(at + 1))).rejects.toThrow(/ERR_J/);
    }
  });

  it('of an algorithm that is not among the allowed ones is refused', async () => {
    const from = await issuer('ES256');
    const check = verifier(from, { algorithms: ['RS256'] });
    await expect(check.verify(await from.token())).rejects.toThrow('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it.each([
    [{ scope: 'a b' }, ['a', 'b']],
    [{ scp: 'a b' }, ['a', 'b']],
    [{ scp: ['a', 'b', 7] }, ['a', 'b']],
    [{ scope: 'a', scp: ['b'] }, ['a', 'b']],
    [{ scope: { admin: true } }, []],
    [{}, []],
  ])('with %j has the scopes %j', async (claims, scopes) => {
    const from = await issuer();
    const { principal } = await verifier(from).verify(await from.token({ claims }));
    expect([...principal.scopes]).toEqual(scopes);
  });

  it('is counted by a hash of issuer and subject, which names nobody', async () => {
    const from = await issuer();
    const check = verifier(from);
    const id = async (sub: string) => (await check.verify(await from.token({ claims: { sub } }))).principal.id;
    const [ann, again, bob] = [await id('ann'), await id('ann'), await id('bob')];
    expect(again).toBe(ann);
    expect(bob).not.toBe(ann);
    expect(ann).toMatch(/^jwt:[\w-]{43}$/);
  });

  it('is bound to the customer of its user claim, and refused without one', async () => {
    const from = await issuer();
    const check = verifier(from, { userClaim: 'customer' });
    const bound = await check.verify(await from.token({ claims: { customer: 'ann' } }));
    expect(bound.principal.user).toBe('ann');
    for (const customer of [undefined, '', 7, ['ann']]) {
      await expect(check.verify(await from.token({ claims: { customer } }))).rejects.toThrow('ERR_NO_USER_CLAIM');
    }
  });
});

describe('the keys of an issuer', () => {
  it('are fetched once for many tokens', async () => {
    const from = await issuer();
    const check = verifier(from);
    await Promise.all(Array.from({ length: 20 }, async () => check.verify(await from.token())));
    expect(from.asked).toBe(1);
  });

  it('are fetched again for a key that is not known yet, at most once in a cooldown', async () => {
    const from = await issuer();
    const check = verifier(from, {}, { cooldownMs: 0 });
    await check.verify(await from.token());
    await from.addKey('second', 'ES256');
    await expect(check.verify(await from.token({ kid: 'second' }))).resolves.toHaveProperty('principal');
    expect(from.asked).toBe(2);

    const calm = verifier(from, {}, { cooldownMs: 60_000 });
    await calm.verify(await from.token());
    const before = from.asked;
    const [, payload, signature] = (await from.token()).split('.');
    for (let i = 0; i < 50; i++) {
      const head = unsigned({ alg: 'ES256', kid: `made-up-${i}` }, {}).split('.')[0];
      await expect(calm.verify(`${head}.${payload}.${signature}`)).rejects.toThrow('ERR_JWKS_NO_MATCHING_KEY');
    }
    expect(from.asked).toBe(before);
  });

  it('that were withdrawn are refused after the next look', async () => {
    const from = await issuer();
    const check = verifier(from, {}, { cooldownMs: 0 });
    const old = await from.token({ kid: 'first' });
    await check.verify(old);
    await from.addKey('second', 'ES256');
    from.publish('second');
    await check.verify(await from.token({ kid: 'second' }));
    await expect(check.verify(old)).rejects.toThrow('ERR_JWKS_NO_MATCHING_KEY');
  });

  it('are used on while the issuer is down, for as long as is allowed', async () => {
    const from = await issuer();
    const check = verifier(from, {}, { refreshMs: 20, staleMs: 60_000, pauseMs: 0 });
    await check.verify(await from.token());
    from.mode = 'failing';
    const before = from.asked;
    // Until it was asked in vain twice.
    while (from.asked < before + 2) await new Promise(setImmediate);
    await expect(check.verify(await from.token())).resolves.toHaveProperty('principal');
  });

  it('that are too old are no keys: nobody can tell then, which is not the fault of the caller', async () => {
    const from = await issuer();
    const check = verifier(from, {}, { staleMs: 0, pauseMs: 0 });
    await check.verify(await from.token());
    from.mode = 'failing';
    await expect(check.verify(await from.token())).rejects.toThrow(KeySetUnavailableError);
    from.mode = 'serving';
    await expect(check.verify(await from.token())).resolves.toHaveProperty('principal');
  });

  it('do not hold up a request when the issuer hangs, and it is left alone for a while', async () => {
    const from = await issuer();
    from.mode = 'hanging';
    const check = verifier(from, {}, { timeoutMs: 50, pauseMs: 60_000 });
    const token = await from.token();
    await expect(check.verify(token)).rejects.toThrow(KeySetUnavailableError);
    const asked = from.asked;
    for (let i = 0; i < 20; i++) await expect(check.verify(token)).rejects.toThrow(KeySetUnavailableError);
    expect(from.asked).toBe(asked);
  });

  it('may stand in a file; a shared secret among them verifies nothing', async () => {
    const bench = new Workbench();
    undo.push(() => bench.cleanUp());
    const from = await issuer();
    const path = join(await bench.directory(), 'jwks.json');
    const k = Buffer.alloc(32, 7).toString('base64url');
    await writeFile(
      path,
      JSON.stringify({ keys: [...from.jwks.keys, { kty: 'oct', kid: 'shared', alg: 'HS256', k }] }),
    );
    const keys = localKeySet(path, silent);
    undo.push(() => keys.close());
    const check = verifier(from, { keys });
    await expect(check.verify(await from.token())).resolves.toHaveProperty('principal');
    const shared = await new SignJWT({ iss: from.url, aud: AUDIENCE, exp: seconds() + 100 })
      .setProtectedHeader({ alg: 'HS256', kid: 'shared' })
      .sign(Buffer.alloc(32, 7));
    await expect(check.verify(shared)).rejects.toThrow('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it.each(['{', '[]', '{"keys":"none"}'])('can not be %s', async (text) => {
    const bench = new Workbench();
    undo.push(() => bench.cleanUp());
    const path = join(await bench.directory(), 'jwks.json');
    await writeFile(path, text);
    expect(() => localKeySet(path, silent)).toThrow(/not JSON|JSON Web Key Set malformed/);
  });
});
