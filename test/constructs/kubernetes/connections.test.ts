import type { TerraformStack } from 'cdktf';
import { Connections, type ConnectionsProps, NetworkPeer } from '../../../constructs/kubernetes';
import { inCluster, modelServer } from './fixtures';

const WEB: ConnectionsProps = { name: 'web', namespaceName: 'shop', podLabels: { app: 'web' } };
const DNS = {
  to: [
    {
      namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      pod_selector: { match_labels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: '53', protocol: 'UDP' },
    { port: '53', protocol: 'TCP' },
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Policy = any;

/** The policy of a workload called `name`. */
function policyOf(name: string, build: Parameters<typeof inCluster>[0]): Policy {
  const policies: Policy[] = Object.values(inCluster(build).resources('kubernetes_network_policy_v1'));
  const found = policies.filter(({ metadata }) => metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}
const web = (say: (connections: Connections) => void = () => {}) =>
  policyOf('web', (stack: TerraformStack) => say(new Connections(stack, 'Web', WEB)));

describe('connections', () => {
  test('are of the pods with the labels, and closed but for names', () => {
    expect(web()).toMatchObject({ metadata: { name: 'web', namespace: 'shop' } });
    expect(web().spec).toEqual({
      pod_selector: { match_labels: { app: 'web' } },
      policy_types: ['Ingress', 'Egress'],
      egress: [DNS],
    });
  });

  test('that are added later show in the synthesized policy, each with its reason', () => {
    const policy = web((connections) => {
      connections.allowFrom(NetworkPeer.namespace('gateway'), [{ port: 'http' }], 'It forwards requests');
      connections.allowTo(NetworkPeer.addresses('10.1.0.0/16'), [{ port: 6379 }], 'It keeps results there');
    });
    expect(policy.spec.ingress).toEqual([
      {
        from: [{ namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'gateway' } } }],
        ports: [{ port: 'http', protocol: 'TCP' }],
      },
    ]);
    expect(policy.spec.egress).toEqual([
      DNS,
      { to: [{ ip_block: { cidr: '10.1.0.0/16' } }], ports: [{ port: '6379', protocol: 'TCP' }] },
    ]);
    expect(policy.metadata.annotations['recommender/reasons'].split('\n')).toEqual([
      'to pods k8s-app=kube-dns in kube-system on 53/UDP, 53/TCP: It looks names up.',
      'from namespace gateway on http/TCP: It forwards requests.',
      'to 10.1.0.0/16 on 6379/TCP: It keeps results there.',
    ]);
  });

  test('the HCL of a policy', async () => {
    const stack = inCluster((stack) => {
      new Connections(stack, 'Web', WEB).allowFrom(NetworkPeer.namespace('gateway'), [{ port: 80 }], 'It forwards');
    });
    expect(await stack.hcl()).toMatchSnapshot();
  });
});

describe('the model server', () => {
  const policy = () => policyOf('model-server', (stack, namespace) => void modelServer(stack, namespace));

  test('may be called by nobody until somebody is named', () => {
    expect(policy().spec).toMatchObject({ policy_types: ['Ingress', 'Egress'] });
    expect(policy().spec).not.toHaveProperty('ingress');
  });

  test('reaches HTTPS, for the store, and where its identity gets credentials', () => {
    expect(policy().spec.egress.slice(1)).toEqual([
      { to: [{ ip_block: { cidr: '0.0.0.0/0' } }], ports: [{ port: '443', protocol: 'TCP' }] },
      { to: [{ ip_block: { cidr: '169.254.170.23/32' } }], ports: [{ port: '80', protocol: 'TCP' }] },
    ]);
  });

  test('is selected by a label that all its pods have, those too that Flagger runs under another name', () => {
    const pods = { 'app.kubernetes.io/component': 'model-server' };
    expect(policy().spec.pod_selector).toEqual({ match_labels: pods });
    const stack = inCluster((stack, namespace) => void modelServer(stack, namespace));
    const { template } = (stack.resource('kubernetes_deployment_v1') as Policy).spec;
    expect(template.metadata.labels).toMatchObject(pods);
  });
});

test('in the namespace nobody connects to anybody by default', () => {
  const [policy] = Object.values(inCluster(() => {}).resources('kubernetes_network_policy_v1')) as Policy[];
  expect(policy.metadata.name).toBe('default-deny');
  expect(policy.spec).toEqual({ pod_selector: {}, policy_types: ['Ingress', 'Egress'] });
});
