import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  ImageAttestor,
  KYVERNO_SERVICE_ACCOUNT,
  Kyverno,
  type KyvernoProps,
  PodPolicies,
  type PodPoliciesProps,
  type RecommenderNamespace,
  SignedImages,
} from '../../../constructs/kubernetes';
import { CLUSTER, identity, inCluster, keepDefault, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<PodPoliciesProps> & Pick<Partial<KyvernoProps>, 'identity'>;

const WORKFLOW = {
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'https://github.com/shop/recommender/.github/workflows/release.yml@refs/heads/main',
};
const PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n';
const synthesized = keepDefault(({ identity, ...props }: Options = {}) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    new PodPolicies(stack, 'Policies', { namespace, ...props });
    const kyverno = new Kyverno(stack, 'Kyverno', { cluster: CLUSTER, identity });
    const attestors = [ImageAttestor.keyless(WORKFLOW), ImageAttestor.key({ publicKey: PUBLIC_KEY })] as const;
    new SignedImages(stack, 'SignedImages', { kyverno, namespace, attestors: [...attestors] });
  }),
);
const valuesOf = (name: string, props?: Options): Json =>
  parse(release(synthesized(props), name).values[0], { version: '1.1' });
const policy = (props?: Options): Json => valuesOf('recommender-pods', props).objects[0];
const binding = (props?: Options): Json => valuesOf('recommender-pods', props).objects[1];

const OURS = { matchLabels: { 'kubernetes.io/metadata.name': 'recommender' } };

// What the rules do is shown on an API server, in test/rehearsal/kubernetes/pod-policies.test.ts.
describe('the rules for pods', () => {
  test('are kept by the API server itself, and refuse what they can’t decide', () => {
    expect(policy()).toMatchObject({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      spec: { failurePolicy: 'Fail' },
    });
    expect(policy().spec).not.toHaveProperty('matchConditions');
  });

  test('are for the namespace alone, by the label that the API server puts on it', () => {
    expect(binding().spec.matchResources).toEqual({ namespaceSelector: OURS });
    expect(binding().spec.policyName).toBe(policy().metadata.name);
  });

  test.each([
    [undefined, ['Deny']],
    ['warn', ['Warn', 'Audit']],
  ] as const)('with action %p, the API server answers %j', (action, expected) => {
    expect(binding(action && { action }).spec.validationActions).toEqual(expected);
  });

  test('each say what to do', () => {
    const { validations } = policy().spec;
    expect(validations).toHaveLength(10);
    for (const { message, messageExpression } of validations) {
      expect(message ?? messageExpression).toMatch(/; (set|leave|use|allowed is) .*\.'?$/);
    }
  });

  test('have one more where registries are named, each ended by a slash', () => {
    const { validations } = policy({ registries: ['a.example.com', 'b.example.com/shop/'] }).spec;
    expect(validations).toHaveLength(11);
    expect(validations[10].expression).toContain('["a.example.com/","b.example.com/shop/"]');
  });

  test('leave out the pods that an exempt operator makes', () => {
    const exempt = [{ namespace: 'cert-manager', serviceAccountName: 'cert-manager' }];
    expect(policy({ exempt }).spec.matchConditions).toEqual([
      {
        name: 'not-of-an-operator',
        expression: '!(request.userInfo.username in ["system:serviceaccount:cert-manager:cert-manager"])',
      },
    ]);
  });

  test.each([[[]], [['https://registry.example.com']], [['']]])('fails when registries is %j', (registries) => {
    expect(() => synthesized({ registries })).toThrow(
      `test/Policies: registries is ${JSON.stringify(registries)}; allowed is one or more of host or host/path`,
    );
  });
});

describe('signed images', () => {
  const images = () => valuesOf('recommender-images').objects[0];

  test('are asked of every container of the namespace’s pods, whatever the registry', () => {
    expect(images().spec).toMatchObject({
      validationActions: ['Deny'],
      failurePolicy: 'Fail',
      matchConstraints: { namespaceSelector: OURS },
      matchImageReferences: [{ glob: '*' }],
    });
    expect(images().spec.validations.map(({ expression }: Json) => expression)).toEqual(
      ['containers', 'initContainers', 'ephemeralContainers'].map(
        (kind) =>
          `images.${kind}.map(image, verifyImageSignatures(image, [attestors.signer1, attestors.signer2])).all(signatures, signatures > 0)`,
      ),
    );
  });

  test('are signed by a workflow or by a key', () => {
    const ctlog = { url: 'https://rekor.sigstore.dev' };
    expect(images().spec.attestors).toEqual([
      { name: 'signer1', cosign: { keyless: { identities: [WORKFLOW] }, ctlog } },
      { name: 'signer2', cosign: { key: { data: PUBLIC_KEY }, ctlog } },
    ]);
  });

  test('come after Kyverno, which brings the kind', () => {
    expect(release(synthesized(), 'recommender-images').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.Kyverno_/),
    ]);
  });
});

describe('Kyverno', () => {
  test('stops nothing outside the namespace when it is down', () => {
    expect(valuesOf('kyverno').config.webhooks.namespaceSelector.matchExpressions).toEqual([
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['recommender'] },
    ]);
  });

  test('runs its admission controller only, three times, with requests and limits', () => {
    const { admissionController, backgroundController, cleanupController, reportsController } = valuesOf('kyverno');
    expect([backgroundController, cleanupController, reportsController]).toEqual(Array(3).fill({ enabled: false }));
    expect(admissionController).toMatchObject({
      replicas: 3,
      container: { resources: { requests: { cpu: '100m', memory: '384Mi' }, limits: { cpu: '1', memory: '384Mi' } } },
      initContainer: { resources: { limits: { cpu: '100m', memory: '256Mi' } } },
    });
    expect(admissionController).not.toHaveProperty('podLabels');
  });

  test('reads a private registry by its cloud identity', () => {
    const { admissionController } = valuesOf('kyverno', { identity: identity(KYVERNO_SERVICE_ACCOUNT) });
    expect(admissionController.rbac.serviceAccount).toEqual({
      name: 'kyverno-admission-controller',
      annotations: { 'cloud.example.com/identity': 'reader' },
    });
    expect(admissionController.podLabels).toEqual({ 'cloud.example.com/use': 'true' });
  });

  test('fails when the identity belongs to another service account', () => {
    const other = identity({ namespace: 'kyverno', serviceAccountName: 'default' });
    expect(() => synthesized({ identity: other })).toThrow(
      'test/Kyverno: identity belongs to the service account kyverno/default, but the pods run as kyverno/kyverno-admission-controller.',
    );
  });
});

test('the HCL', async () => {
  const hcl = await synthesized().hcl();
  expect(hcl.slice(hcl.indexOf('resource "helm_release" "Policies'))).toMatchSnapshot();
});
