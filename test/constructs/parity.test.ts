import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as aws from '../../constructs/aws';
import * as azure from '../../constructs/azure';
import { AwsConfig } from '../../src/config/aws-config';
import { AzureConfig } from '../../src/config/azure-config';
import { stackOn } from '../stacks/both-clouds';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/clouds.md'), 'utf8');
/** Table rows that name what only one cloud has: cells of AWS and of Azure. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, 4));
const named = (column: 1 | 2) =>
  rows.flatMap((cells) => [...(cells[column] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));

const only = (mine: readonly string[], theirs: readonly string[]) => mine.filter((name) => !theirs.includes(name));
const names = (module: object) => Object.keys(module);

/** Names of the props of an exported interface, as its source has them. */
function props(cloud: 'aws' | 'azure', file: string, name: string): string[] {
  const folder = join(ROOT, 'constructs', cloud);
  const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((one) => basename(one) === `${file}.ts`);
  const source = readFileSync(join(folder, path ?? `${file}.ts`), 'utf8');
  const [, body] = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(source) ?? [];
  const found = [...(body ?? '').matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, prop]) => prop as string);
  if (found.length === 0) throw new Error(`no props of ${name} in constructs/${cloud}/${file}.ts`);
  return found;
}

const PROPS = [
  ['cost-budget', 'CostBudgetProps'],
  ['cross-cloud-sync', 'CrossCloudSyncProps'],
  ['existing-cluster', 'ExistingClusterProps'],
  ['model-store', 'ModelStoreProps'],
  ['network', 'NetworkProps'],
  ['recommender-cluster', 'RecommenderClusterProps'],
  ['secret-store', 'SecretStoreProps'],
] as const;

const DIFFERENCES: [what: string, onAws: string[], onAzure: string[]][] = [
  ['exports', names(aws), names(azure)],
  ...PROPS.map(([file, name]): [string, string[], string[]] => [
    name,
    props('aws', file, name),
    props('azure', file, name),
  ]),
  ['config', names(AwsConfig.shape), names(AzureConfig.shape)],
  ['outputs', names(stackOn('aws').outputs()), names(stackOn('azure').outputs())],
];

test.each(DIFFERENCES)('%s of one cloud that the other has not are named in docs/clouds.md', (_, onAws, onAzure) => {
  expect(onAws.filter((name) => onAzure.includes(name))).not.toEqual([]);
  expect(only(onAws, onAzure).filter((name) => !named(1).includes(name))).toEqual([]);
  expect(only(onAzure, onAws).filter((name) => !named(2).includes(name))).toEqual([]);
});

test('the page names no difference that there is not', () => {
  const ofAws = DIFFERENCES.flatMap(([, onAws, onAzure]) => only(onAws, onAzure));
  const ofAzure = DIFFERENCES.flatMap(([, onAws, onAzure]) => only(onAzure, onAws));
  // Of both clouds, but not of the same kind.
  expect(only(only(named(1) as string[], ofAws), ['zones'])).toEqual([]);
  expect(only(named(2) as string[], ofAzure)).toEqual([]);
});

test.each(['CostBudget', 'CrossCloudSync', 'ModelStore', 'Network', 'RecommenderCluster', 'SecretStore'])(
  '%s is a construct of either cloud',
  (name) => {
    expect([names(aws).includes(name), names(azure).includes(name)]).toEqual([true, true]);
  },
);
