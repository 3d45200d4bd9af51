import { writeFile } from 'node:fs/promises';
import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { rawRequest } from '../load-generator';
import type { Settings } from '../settings';
import { recommendationsPath } from '../workload';
import { COMPARED_CONNECTIONS, compareSettings, ratios, throughput } from './compare-settings';

const ALGORITHM = 'RS256';
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'recommender';
const KEY_ID = 'bench';

/** What tokens cost: throughput with one for each customer, their verification remembered and not, against none. */
export async function measureAuthentication(bench: Bench): Promise<Measurement> {
  const keys = bench.path('jwks.json');
  const cached: Settings = {
    authentication: 'required',
    jwksUri: keys,
    jwtIssuer: ISSUER,
    jwtAudiences: AUDIENCE,
  };
  const uncached: Settings = { ...cached, tokenCacheSize: 0 };

  const { customers } = await bench.workload('short');
  const requests = await authorizedRequests(keys, customers);
  const variants = [
    { name: 'no authentication', settings: { authentication: 'none' } },
    { name: 'verified tokens cached', settings: cached, requests },
    { name: 'each token verified each time', settings: uncached, requests },
  ];
  const [none = [], withCache = [], without = []] = await compareSettings(bench, variants, {
    connections: COMPARED_CONNECTIONS,
  });
  const lost = (measured: typeof none) =>
    overRounds(ratios(none, measured, throughput).map((ratio) => (1 - ratio) * 100));
  return {
    figures: [
      {
        id: 'authentication.cost',
        title: `throughput lost, ${customers} ${ALGORITHM} tokens, verified ones cached`,
        unit: '%',
        ...lost(withCache),
        better: 'lower',
        bar: { atMost: 15 },
      },
      {
        id: 'authentication.cost-without-cache',
        title: 'throughput lost without the cache',
        unit: '%',
        ...lost(without),
        better: 'lower',
      },
    ],
  };
}

/** A request with a token for each customer. Writes the key set that verifies them. */
async function authorizedRequests(keys: string, customers: number): Promise<string[]> {
  const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  await writeFile(keys, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM }] }));
  return Promise.all(
    Array.from({ length: customers }, async (_, user) => {
      const token = await new SignJWT({ scope: 'recommendations:read' })
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
        .setSubject(`customer-${user}`)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('6h')
        .sign(privateKey);
      return rawRequest('GET', recommendationsPath(user), undefined, { Authorization: `Bearer ${token}` });
    }),
  );
}
