import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '@cdktf-recommender/rehearsal';
import { parseAllDocuments } from 'yaml';
import { helmValues } from '../../../constructs/kubernetes/chart-release';
import { helmForTests } from './helm-for-tests';

const CHART = join(__dirname, '../../../charts/custom-resources');

const given = helmForTests();

/** An object of a kind that every API server has, with what YAML and templates could misread. */
const quota = (pods: string) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', annotations: { on: 'yes', template: '{{ .Values.objects }}', number: '1e3', empty: '' } },
  spec: { hard: { pods } },
});
function valuesFile(values: object): string {
  const file = join(given.folder, 'values.yaml');
  writeFileSync(file, helmValues(values));
  return file;
}
const values = (...objects: object[]) => valuesFile({ chartSha256: 'abc', objects });
const podsOfQuota = () =>
  succeed(given.controlPlane, 'get', 'resourcequota', 'quota', '-o', 'jsonpath={.spec.hard.pods}');

describe('the chart custom-resources', () => {
  it('has nothing that Helm warns of', async () => {
    expect(await given.helm('lint', '--strict', '-f', values(quota('10')), CHART)).toContain('0 chart(s) failed');
  });

  it('renders objects as they are', async () => {
    const objects = [quota('10'), { ...quota('20'), spec: { hard: { pods: '20', 'count/jobs.batch': 5 } } }];
    const rendered = await given.helm('template', 'release', '-f', values(...objects), CHART);
    expect(parseAllDocuments(rendered, { version: '1.1' }).map((document) => document.toJS())).toEqual(objects);
  });

  it('is installed, upgraded, rolled back and uninstalled, and its objects with it', async () => {
    await given.helm('install', 'release', '--atomic', '-f', values(quota('10')), CHART);
    expect(await podsOfQuota()).toBe('10');
    await given.helm('upgrade', 'release', '--atomic', '-f', values(quota('20')), CHART);
    expect(await podsOfQuota()).toBe('20');
    await given.helm('rollback', 'release', '1');
    expect(await podsOfQuota()).toBe('10');
    await given.helm('uninstall', 'release', '--wait');
    await expect(podsOfQuota()).rejects.toThrow('resourcequotas "quota" not found');
  });

  it.each([
    ['no objects', { chartSha256: 'abc', objects: [] }, 'objects'],
    ['an object without a name', { chartSha256: 'abc', objects: [{ ...quota('1'), metadata: {} }] }, 'name'],
    ['a value that it does not know', { chartSha256: 'abc', objects: [quota('1')], object: [] }, 'object'],
  ])('refuses %s', async (_, wrong, named) => {
    await expect(given.helm('template', 'release', '-f', valuesFile(wrong), CHART)).rejects.toThrow(
      new RegExp(`values don't meet the specifications of the schema[^]*${named}`),
    );
  });
});
