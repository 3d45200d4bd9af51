import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const AUDIENCE = 'recommender';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export interface TokenOptions {
  readonly claims?: JWTPayload;
  /** Key that signs; default the newest. */
  readonly kid?: string;
  readonly lifetimeSeconds?: number;
}

/** An issuer of tokens with a real JWKS endpoint, which can rotate its keys, fail and hang. */
export class Issuer {
  /** Requests for the keys so far. */
  asked = 0;
  mode: 'serving' | 'failing' | 'hanging' = 'serving';
  private readonly keys: SigningKey[] = [];
  private published: string[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((_request, response) => {
      this.asked++;
      if (this.mode === 'hanging') return;
      if (this.mode === 'failing') response.writeHead(500).end('<html>oops</html>');
      else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(this.jwks));
    });
  }

  static async start(alg = 'ES256'): Promise<Issuer> {
    const issuer = new Issuer();
    issuer.server.listen(0, '127.0.0.1');
    await once(issuer.server, 'listening');
    await issuer.addKey('first', alg);
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get jwksUri(): string {
    return `${this.url}/jwks.json`;
  }

  get jwks(): { keys: JWK[] } {
    return { keys: this.keys.filter(({ kid }) => this.published.includes(kid)).map(({ publicJwk }) => publicJwk) };
  }

  async addKey(kid: string, alg: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    this.keys.push({ kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
    this.published.push(kid);
  }

  /** Publishes these keys only. */
  publish(...kids: string[]): void {
    this.published = kids;
  }

  /** A token that is valid for five minutes, unless told otherwise; a claim of `undefined` is left out. */
  async token({ claims = {}, kid, lifetimeSeconds = 300 }: TokenOptions = {}): Promise<string> {
    const key = kid === undefined ? this.keys.at(-1) : this.keys.find((one) => one.kid === kid);
    if (!key) throw new Error(`there is no key ${kid}`);
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.url, aud: AUDIENCE, sub: 'shop', iat: now, exp: now + lifetimeSeconds, ...claims };
    const payload = JSON.parse(JSON.stringify(all));
    return new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' }).sign(key.privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that nobody signed, with any header. */
export function unsigned(header: object, payload: object, signature = ''): string {
  return `${encode(header)}.${encode(payload)}.${signature}`;
}
