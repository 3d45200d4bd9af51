import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadProtos, RECOMMENDER_SERVICE, serviceOf } from '../../../model-server/src/grpc/protos';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { CALL_SCOPES } from '../../../model-server/src/security/scopes';
import { publish, Workbench } from '../fixtures';
import { AUDIENCE, Issuer } from './issuer';

const protos = loadProtos();

describe('gRPC', () => {
  const bench = new Workbench();
  let issuer: Issuer;
  let key: string;
  let client: Client;
  beforeAll(async () => {
    issuer = await Issuer.start();
    const made = createApiKey({ id: 'shop', scopes: ['recommendations:read'] });
    key = made.key;
    const apiKeysFile = join(await bench.directory(), 'keys.jsonl');
    await writeFile(apiKeysFile, JSON.stringify(made.record));
    const config = await bench.config({
      apiKeysFile,
      jwksUri: issuer.jwksUri,
      jwtIssuer: issuer.url,
      jwtAudiences: [AUDIENCE],
      jwtUserClaim: 'customer',
      grpcPort: 0,
      rateLimitPerAddress: 20,
    });
    await publish(config.store);
    const { grpcPort } = await bench.server(config);
    client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await bench.cleanUp();
    await issuer.close();
  });

  /** The status that a call ends with; its answer is not looked at. */
  function call(path: string, headers: Record<string, string> = {}, message: object = {}): Promise<status> {
    const [, service = '', name = ''] = path.split('/');
    const method = serviceOf(protos, service)[name];
    if (!method) throw new Error(`there is no ${path}`);
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        path,
        method.requestSerialize,
        method.responseDeserialize,
        message,
        metadata,
        (error: ServiceError | null) => resolve(error?.code ?? status.OK),
      );
    });
  }
  const RECOMMEND = `/${RECOMMENDER_SERVICE}/RecommendForUser`;

  it('has a scope for each of its methods', () => {
    const methods = Object.values(protos).flatMap((one) =>
      'format' in one ? [] : Object.values(one).map(({ path }) => path),
    );
    expect(methods).toContain(RECOMMEND);
    expect(methods.filter((path) => !(path in CALL_SCOPES))).toEqual([]);
  });

  it('asks callers who they are and what they may, as HTTP does', async () => {
    expect(await call(RECOMMEND, {}, { user: 'ann' })).toBe(status.UNAUTHENTICATED);
    expect(await call(RECOMMEND, { 'x-api-key': `${key}x` }, { user: 'ann' })).toBe(status.UNAUTHENTICATED);
    expect(await call(RECOMMEND, { 'x-api-key': key }, { user: 'ann' })).toBe(status.OK);
    expect(await call(RECOMMEND, { authorization: `Bearer ${key}` }, { user: 'ann' })).toBe(status.OK);
    const infer = '/inference.GRPCInferenceService/ServerMetadata';
    expect(await call(infer, { 'x-api-key': key })).toBe(status.PERMISSION_DENIED);
  });

  it('takes no credentials that are for one customer', async () => {
    const token = await issuer.token({ claims: { customer: 'ann', scope: 'recommendations:read' } });
    expect(await call(RECOMMEND, { authorization: `Bearer ${token}` }, { user: 'ann' })).toBe(status.PERMISSION_DENIED);
  });

  it('is told apart by health from a server that is not there, without credentials and within any limit', async () => {
    for (let i = 0; i < 25; i++) await call(RECOMMEND, { 'x-api-key': key }, { user: 'ann' });
    expect(await call(RECOMMEND, { 'x-api-key': key }, { user: 'ann' })).toBe(status.RESOURCE_EXHAUSTED);
    expect(await call('/grpc.health.v1.Health/Check')).toBe(status.OK);
    expect(await call('/inference.GRPCInferenceService/ServerReady')).toBe(status.OK);
  });
});
