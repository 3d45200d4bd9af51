import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  Falco,
  type FalcoProps,
  TRIVY_SERVICE_ACCOUNT,
  TrivyOperator,
  type TrivyOperatorProps,
} from '../../../constructs/kubernetes';
import { CLUSTER, identity, inCluster, keepDefault, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<TrivyOperatorProps> & Pick<FalcoProps, 'rules'>;

const DIGEST = `sha256:${'b'.repeat(64)}`;
const synthesized = keepDefault(({ rules, ...props }: Options = {}) =>
  inCluster((stack: TerraformStack) => {
    new Falco(stack, 'Falco', { cluster: CLUSTER, rules });
    new TrivyOperator(stack, 'Trivy', {
      cluster: CLUSTER,
      operatorTag: `0.32.0@${DIGEST}`,
      scannerTag: `0.69.0@${DIGEST}`,
      ...props,
    });
  }),
);
const valuesOf = (name: string, props?: Options): Json =>
  parse(release(synthesized(props), name).values[0], { version: '1.1' });
const enforced = (name: string) => {
  const found = Object.values(synthesized().resources('kubernetes_namespace_v1')).find(
    ({ metadata }: Json) => metadata.name === name,
  ) as Json;
  return found.metadata.labels['pod-security.kubernetes.io/enforce'];
};

describe('Falco', () => {
  test('is in a namespace of its own, the only one where pods may be privileged', () => {
    expect([enforced('falco'), enforced('recommender'), enforced('trivy-system')]).toEqual([
      'privileged',
      'restricted',
      'baseline',
    ]);
  });

  test('fetches nothing for the kernel, and has single capabilities instead of all', () => {
    expect(valuesOf('falco').driver).toEqual({
      kind: 'modern_ebpf',
      modernEbpf: { leastPrivileged: true },
      loader: { enabled: false },
    });
  });

  test('is on every node, with requests and limits', () => {
    const { tolerations, resources, falcoctl } = valuesOf('falco');
    expect(tolerations).toEqual([{ operator: 'Exists' }]);
    expect(resources).toEqual({ requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '1', memory: '512Mi' } });
    expect(falcoctl.artifact.install.resources.limits).toEqual({ cpu: '200m', memory: '64Mi' });
  });

  test('changes its rules with a release only, and takes more of them as files', () => {
    expect(valuesOf('falco').falcoctl.artifact.follow).toEqual({ enabled: false });
    expect(valuesOf('falco')).not.toHaveProperty('customRules');
    const rules = { 'shop.yaml': '- list: ours\n  items: [node]\n' };
    expect(valuesOf('falco', { rules }).customRules).toEqual(rules);
  });
});

describe('the Trivy operator', () => {
  test('runs images by their digests', () => {
    const { image, trivy } = valuesOf('trivy-operator');
    expect([image.tag, trivy.image.tag]).toEqual([`0.32.0@${DIGEST}`, `0.69.0@${DIGEST}`]);
  });

  test.each([
    ['operatorTag', '0.32.0'],
    ['scannerTag', 'latest'],
    ['scannerTag', '0.69.0@sha256:abc'],
  ] as const)('fails when %s is %s', (prop, tag) => {
    expect(() => synthesized({ [prop]: tag })).toThrow(
      `test/Trivy: ${prop} is ${tag}; allowed is a tag with its digest, 1.2.3@sha256:<64 hex digits>.`,
    );
  });

  test('scans the namespace of the recommender, reads no Secrets and looks at no node', () => {
    expect(valuesOf('trivy-operator')).toMatchObject({
      targetNamespaces: 'recommender',
      operator: {
        accessGlobalSecretsAndServiceAccount: false,
        infraAssessmentScannerEnabled: false,
        clusterComplianceEnabled: false,
      },
      trivy: { severity: 'HIGH,CRITICAL', ignoreUnfixed: true },
    });
  });

  test('has requests and limits, itself and its scans', () => {
    const { resources, trivy } = valuesOf('trivy-operator');
    expect(resources.limits).toEqual({ cpu: '500m', memory: '512Mi' });
    expect(trivy.resources.limits).toEqual({ cpu: '1', memory: '512Mi' });
  });

  test('reads a private registry by its cloud identity, the scans too', () => {
    const values = valuesOf('trivy-operator', { identity: identity(TRIVY_SERVICE_ACCOUNT) });
    expect(values.serviceAccount).toEqual({
      name: 'trivy-operator',
      annotations: { 'cloud.example.com/identity': 'reader' },
    });
    expect(values.operator.podLabels).toEqual({ 'cloud.example.com/use': 'true' });
    expect(values.trivyOperator.scanJobPodTemplateLabels).toBe('cloud.example.com/use=true');
    expect(valuesOf('trivy-operator')).not.toHaveProperty('trivyOperator');
  });

  test('fails when the identity belongs to another service account', () => {
    const other = identity({ namespace: 'trivy-system', serviceAccountName: 'default' });
    expect(() => synthesized({ identity: other })).toThrow(
      'test/Trivy: identity belongs to the service account trivy-system/default, but the pods run as trivy-system/trivy-operator.',
    );
  });
});

test('the HCL', async () => {
  const hcl = await synthesized().hcl();
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_namespace_v1" "Falco'))).toMatchSnapshot();
});
