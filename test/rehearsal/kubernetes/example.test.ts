import { join } from 'node:path';
import {
  addNode,
  type ControlPlane,
  type RehearsalResult,
  rehearse,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';

describe('examples/model-server: the model server alone, in a stack of somebody else', () => {
  let controlPlane: ControlPlane;
  let result: RehearsalResult;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
    await addNode(controlPlane, { name: 'node', zone: 'a', cpu: '16', memory: '64Gi' });
    const project = join(__dirname, '..', '..', '..', 'examples', 'model-server');
    result = await rehearse({ project, stack: 'shop', controlPlane });
  }, 1_800_000);
  afterAll(async () => {
    await controlPlane?.stop();
  });

  it('is deployed, needs no change after that, and leaves nothing when it is destroyed', () => {
    const steps = result.steps.map(({ step, ok }) => `${step}: ${ok ? 'passed' : 'failed'}`);
    expect(steps).toEqual(
      ['deploy', 'control plane', 'second plan', 'destroy', 'inventory'].map((step) => `${step}: passed`),
    );
  });

  it('makes nothing but the model server and its namespace', () => {
    expect([...new Set(result.objects.map(({ kind }) => kind))].sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
  });

  it('rolls out with the image, role and bounds of its own', async () => {
    const namespace = ['-n', 'recommender'];
    await succeed(controlPlane, 'rollout', 'status', 'deployment/model-server', ...namespace, '--timeout=120s');
    const get = async (...args: string[]) =>
      JSON.parse(await succeed(controlPlane, 'get', ...args, ...namespace, '-o', 'json'));
    const { items } = await get('pods');
    expect(items).toHaveLength(2);
    expect(items[0].spec.containers[0].image).toMatch(/^registry\.shop\.example\/recommender@sha256:4{64}$/);
    const { spec } = await get('horizontalpodautoscaler', 'model-server');
    expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
    const { metadata } = await get('serviceaccount', 'model-server');
    expect(metadata.annotations['eks.amazonaws.com/role-arn']).toBe(
      'arn:aws:iam::111122223333:role/shop-models-reader',
    );
  });
});
