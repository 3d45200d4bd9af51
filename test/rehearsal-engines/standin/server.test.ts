import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import {
  type DynamicValue,
  decodeValue,
  encodeValue,
  type ObjectValue,
  type Value,
} from '../../../rehearsal/src/standin/dynamic-value';
import { profileOf } from '../../../rehearsal/src/standin/profile';
import { StandIn } from '../../../rehearsal/src/standin/provider';
import { findProviderPackage, ProviderPackage } from '../../../rehearsal/src/standin/provider-package';
import { listen, loadProto, standInServer, UNLIMITED } from '../../../rehearsal/src/standin/server';

interface Answer {
  readonly diagnostics: { readonly summary: string }[];
  readonly resource_schemas: object;
  readonly provider: { readonly block: { readonly attributes: { readonly name: string }[] } };
  readonly planned_state: DynamicValue;
  readonly planned_private: Buffer;
  readonly new_state: DynamicValue;
  readonly private: Buffer;
  readonly upgraded_state: DynamicValue;
}

describe('a stand-in provider over gRPC', () => {
  const folder = findProviderPackage(join(__dirname, '..', '..', '..'), 'kubernetes') as string;
  const types = () => ({ resource: new Set(['kubernetes_config_map_v1', 'azurerm_subnet']), data: new Set<string>() });
  const standIn = new StandIn(new ProviderPackage(folder, profileOf('kubernetes')), { name: 'kubernetes', types });
  const server = standInServer(standIn);
  let client: grpc.Client &
    Record<string, (request: object, callback: (error: unknown, answer: Answer) => void) => void>;

  beforeAll(async () => {
    const { Provider } = loadProto('tfplugin6.proto').tfplugin6 as grpc.GrpcObject;
    const Client = Provider as grpc.ServiceClientConstructor;
    client = new Client(`127.0.0.1:${await listen(server)}`, grpc.credentials.createInsecure(), UNLIMITED) as never;
  });
  afterAll(() => {
    client.close();
    server.forceShutdown();
  });

  const ask = (method: string, request: object) =>
    new Promise<Answer>((resolve, reject) => {
      client[method]?.(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  const type_name = 'kubernetes_config_map_v1';
  const metadata = [
    {
      name: 'a',
      namespace: 'n',
      annotations: null,
      labels: null,
      generate_name: null,
      generation: null,
      resource_version: null,
      uid: null,
    },
  ];
  const proposed: ObjectValue = {
    id: null,
    data: { x: '1' },
    binary_data: null,
    immutable: null,
    metadata,
    timeouts: null,
  };

  async function create(): Promise<{ state: ObjectValue; key: Buffer }> {
    const plan = await ask('PlanResourceChange', {
      type_name,
      prior_state: encodeValue(null),
      proposed_new_state: encodeValue(proposed),
    });
    const request = {
      type_name,
      prior_state: encodeValue(null),
      planned_state: plan.planned_state,
      planned_private: plan.planned_private,
    };
    const applied = await ask('ApplyResourceChange', request);
    return { state: decodeValue(applied.new_state) as ObjectValue, key: applied.private };
  }
  const destroy = (state: Value, key: Buffer) =>
    ask('ApplyResourceChange', {
      type_name,
      prior_state: encodeValue(state),
      planned_state: encodeValue(null),
      planned_private: key,
    });
  const read = async (state: Value) =>
    decodeValue((await ask('ReadResource', { type_name, current_state: encodeValue(state) })).new_state) as ObjectValue;

  it('serves the schema of the types that are in use', async () => {
    const schema = await ask('GetProviderSchema', {});
    expect(Object.keys(schema.resource_schemas)).toEqual([type_name]);
    const names = schema.provider.block.attributes.map(({ name }) => name);
    expect(names).toContain('cluster_ca_certificate');
    expect(names).not.toContain('alias');
  });

  it('applies what was planned, reads it back, and counts it until it is destroyed', async () => {
    const { state, key } = await create();
    expect(state).toMatchObject({ id: 'n/a', data: { x: '1' } });
    expect(await read(state)).toEqual(state);
    expect(standIn.inventory()).toEqual([{ type: type_name, id: 'n/a' }]);
    await destroy(state, key);
    expect(standIn.inventory()).toEqual([]);
  });

  it('shows the drift that it was told of, until an apply puts it right', async () => {
    const { state, key } = await create();
    standIn.faults.set({ drift: [{ type: type_name, path: ['data', 'x'], value: 'changed by hand' }] });
    expect((await read(state)).data).toEqual({ x: 'changed by hand' });
    await create();
    expect(await read(state)).toEqual(state);
    await destroy(state, key);
  });

  it('refuses an apply when told to, and leaves the state as it was', async () => {
    standIn.faults.set({ failApply: [{ type: type_name, message: 'quota exceeded' }] });
    const before = standIn.inventory().length;
    const answer = await ask('ApplyResourceChange', {
      type_name,
      prior_state: encodeValue(null),
      planned_state: encodeValue(proposed),
    });
    standIn.faults.set({});
    expect(answer.diagnostics.map(({ summary }) => summary)).toEqual(['quota exceeded']);
    expect(decodeValue(answer.new_state)).toBeNull();
    expect(standIn.inventory()).toHaveLength(before);
  });

  it('refuses a value where only the provider decides, and a name that Kubernetes refuses', async () => {
    const wrong = { ...proposed, metadata: [{ ...metadata[0], name: 'Not_Valid', uid: 'mine' }] };
    const { diagnostics } = await ask('ValidateResourceConfig', { type_name, config: encodeValue(wrong) });
    expect(diagnostics.map(({ summary }) => summary)).toEqual([
      'Value for unconfigurable attribute',
      'invalid name "Not_Valid": must be a lowercase RFC 1123 subdomain',
    ]);
  });

  it('answers a type that it does not have with an error, not with a broken connection', async () => {
    const { diagnostics } = await ask('ValidateResourceConfig', {
      type_name: 'kubernetes_nope',
      config: encodeValue({}),
    });
    expect(diagnostics[0]?.summary).toBe(
      'Stand-in provider registry.terraform.io/hashicorp/kubernetes: ValidateResourceConfig failed',
    );
  });

  it('reads a resource out of an older state file', async () => {
    const raw_state = { json: Buffer.from(JSON.stringify({ id: 'n/a', data: { x: '1' } })) };
    const { upgraded_state } = await ask('UpgradeResourceState', { type_name, version: 0, raw_state });
    expect(decodeValue(upgraded_state)).toMatchObject({ id: 'n/a', data: { x: '1' }, binary_data: null });
  });
});
