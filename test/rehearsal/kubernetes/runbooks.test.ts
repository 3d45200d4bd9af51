import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addNode, apply, type ControlPlane, startControlPlane, succeed } from '@cdktf-recommender/rehearsal';
import { Logging, ObservabilityStack } from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from '../../constructs/kubernetes/fixtures';
import { namespacesFirst, ownObjects } from './cluster-objects';
import { installKindsOf } from './operators-crds';

const FOLDER = join(__dirname, '../../../docs/runbooks');
/** What asks a kubelet, which kwok is none of, or a metrics server. */
const NEEDS_A_KUBELET = /^kubectl .*\b(logs|exec|top|port-forward)\b/;
/** What changes something, or names what only whoever is on call knows. */
const NOT_FOR_A_TEST = /^kubectl .*(\bdelete\b|<\w+>)/;

/** Commands in blocks and in running text, each once. */
const COMMANDS = [
  ...new Set(
    readdirSync(FOLDER).flatMap((name) =>
      [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/(?:^|`)(kubectl [^`\n|]+)/gm)].map(([, command = '']) =>
        command.trim(),
      ),
    ),
  ),
].sort();
const RUN = COMMANDS.filter((command) => !NEEDS_A_KUBELET.test(command) && !NOT_FOR_A_TEST.test(command));

let controlPlane: ControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
  await addNode(controlPlane, { name: 'node', zone: 'a', cpu: '16', memory: '64Gi' });
  await installKindsOf(controlPlane, 'certManager', 'flagger', 'prometheusOperator');
  const slo = new ServiceLevelObjective();
  const stack = inCluster((scope, namespace) => {
    const server = modelServer(scope, namespace, { capacity: new CapacityPlan() });
    const observability = new ObservabilityStack(scope, 'Observability', {
      cluster: CLUSTER,
      modelServer: server,
      slo,
    });
    new Logging(scope, 'Logging', { cluster: CLUSTER, observability });
  });
  await apply(controlPlane, namespacesFirst(await ownObjects(stack, controlPlane)));
  const rollout = ['rollout', 'status', 'deployment/model-server', '-n', 'recommender', '--timeout=120s'];
  await succeed(controlPlane, ...rollout);
  // So that there is something to go back to.
  await succeed(controlPlane, 'rollout', 'restart', 'deployment/model-server', '-n', 'recommender');
  await succeed(controlPlane, ...rollout);
}, 1_800_000);
afterAll(async () => {
  await controlPlane?.stop();
  const left = COMMANDS.filter((command) => !RUN.includes(command));
  console.error([`${RUN.length} commands ran; these did not, for want of a kubelet:`, ...left].join('\n'));
});

test.each(RUN)('%s', async (command) => {
  const { exitCode, output } = await controlPlane.kubectl(...command.split(' ').slice(1));
  expect(output).not.toMatch(/error:|doesn't have a resource type/i);
  expect(exitCode).toBe(0);
});

test('the label by which runbooks find pods finds every replica that answers', async () => {
  const [selector] = COMMANDS.flatMap((command) => /-l (\S+)/.exec(command)?.[1] ?? []);
  const { items } = JSON.parse(
    await succeed(controlPlane, 'get', 'pods', '-n', 'recommender', '-l', selector as string, '-o', 'json'),
  );
  expect(items.length).toBeGreaterThan(1);
});
