import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import { type CustomResource, CustomResources } from '../../../constructs/kubernetes';
import { inCluster } from './fixtures';

const widget = (colour: string): CustomResource => ({
  apiVersion: 'shop.example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one' },
  spec: { colour, on: 'yes' },
});

const synthesized = (colour = 'red') =>
  inCluster((stack: TerraformStack) => {
    const operator = new NamespaceV1(stack, 'Operator', { metadata: { name: 'operator' } });
    new CustomResources(stack, 'Widgets', {
      releaseName: 'widgets',
      namespaceName: 'shop',
      objects: [widget(colour)],
      dependsOn: [operator],
    });
  });
const values = (colour?: string) =>
  parse((synthesized(colour).resource('helm_release').values as string[])[0] as string, { version: '1.1' });

test('the objects are the values of a local chart, as they are, strings that YAML 1.1 would take for booleans too', () => {
  expect(values().objects).toEqual([widget('red')]);
  expect(synthesized().resource('helm_release')).toMatchObject({
    name: 'widgets',
    namespace: 'shop',
    chart: expect.stringMatching(/^assets\/Widgets_Chart_\w+\/[0-9A-F]{32}\/?$/),
  });
});

test("the chart's hash is among the values, and is where the chart is", () => {
  const { chart } = synthesized().resource('helm_release') as { chart: string };
  expect(values().chartSha256).toMatch(/^[0-9A-F]{32}$/);
  expect(chart).toContain(values().chartSha256);
});

test('a changed object is a change of the release', () => {
  expect(values('blue')).not.toEqual(values('red'));
});

test('they come after what brings their kinds', () => {
  expect(synthesized().resource('helm_release').depends_on).toEqual([
    expect.stringMatching(/^kubernetes_namespace_v1\.Operator/),
  ]);
});

test('no resource asks the API server at the plan', () => {
  expect(synthesized().resourceTypes()).not.toContain('kubernetes_manifest');
  expect(synthesized().resourceTypes()).toContain('helm_release');
});

test('the HCL of a release', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
