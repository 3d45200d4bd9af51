import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rehearse } from '@cdktf-recommender/rehearsal';
import { loadConfig } from '../../../src';
import { rehearsalConfig } from '../../../src/config/rehearsal-config';
import { ACCOUNT_ID } from './account';
import { RecordedCalls } from './deploy-calls/recorded-calls';

const ROOT = join(__dirname, '..', '..', '..');
const STACK = 'aws-prod';
const PEER = {
  modelStoreUrl: 'az://account/models',
  issuerUrl: 'https://eastus.oic.prod-aks.azure.com/tenant/cluster/',
  readerClientId: '00000000-0000-4000-8000-00000000000b',
  tenantId: '00000000-0000-4000-8000-00000000000c',
};

const folder = mkdtempSync(join(tmpdir(), 'stack-calls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example's production stack with a peer, of the project and the account that areas are of. */
function environment(protection: boolean): Record<string, string> {
  const config = loadConfig(ROOT);
  const example = config.environments.prod;
  if (!example?.aws) throw new Error('the example has no environments.prod.aws');
  const prod = { ...example, aws: { ...example.aws, accountId: ACCOUNT_ID, peer: PEER } };
  const file = join(folder, `config-${protection}.json`);
  const own = { ...config, project: 'shop', environments: { ...config.environments, prod } };
  const settings = { stack: STACK, protection, stateDirectory: folder };
  writeFileSync(file, JSON.stringify(rehearsalConfig(own, settings)));
  const image = `registry.example.com/recommender/model-server@sha256:${'0'.repeat(64)}`;
  return { CDKTF_RECOMMENDER_CONFIG: file, TF_VAR_image: image };
}

it('aws-prod asks AWS for what its list says, which the deploy role is held against, and for nothing else', async () => {
  const { steps, calls } = await rehearse({
    project: ROOT,
    stack: STACK,
    environment: environment(true),
    unprotectedEnvironment: environment(false),
  });
  expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(await new RecordedCalls(STACK).faults(calls)).toEqual({ beyond: [], stale: [] });
}, 900_000);
