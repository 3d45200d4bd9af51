import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelRegistry, openModelRegistry } from '@cdktf-recommender/model-registry';
import {
  addNode,
  apply,
  type ControlPlane,
  difference,
  flaggerCrds,
  installCrds,
  type KubernetesObject,
  startControlPlane,
  startFlagger,
  startPrometheus,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { startEngines } from '../../../rehearsal/src/engines';
import { applyToControlPlane, deploy, planAgain, type StepContext, synthesize } from '../../../rehearsal/src/steps';
import { Workspace } from '../../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../../rehearsal/src/toolchain/toolchain';
import { candidate } from '../../model-registry/fixtures';
import { FollowerProcess, type Line } from './follower-process';
import { criticalOf } from './kube-score';

const project = join(__dirname, 'pinned-app');
const [one, two, three] = [1, 2, 3].map((number) => candidate(number, { model: 'online-retail' })) as [
  ReturnType<typeof candidate>,
  ReturnType<typeof candidate>,
  ReturnType<typeof candidate>,
];
const NAMESPACE = ['-n', 'recommender'];
const ANNOTATION = 'recommender/model-version';
const FOLLOWER = '--as=system:serviceaccount:recommender:model-follower';

/** What it must never do, near what it may. */
const DENIED = [
  'get configmaps/model-server',
  'patch configmaps/model-server',
  'update configmaps/model-server-version',
  'create configmaps',
  'delete configmaps/model-server-version',
  'list configmaps',
  'watch configmaps',
  'list deployments.apps',
  'update deployments.apps/model-server',
  'delete deployments.apps/model-server',
  'patch deployments.apps/model-follower',
  'patch deployments.apps/scale',
  'get secrets',
  'list pods',
  'create pods/exec',
  'create serviceaccounts/token',
  'patch roles.rbac.authorization.k8s.io/model-follower',
  'impersonate serviceaccounts',
];

/** A stack of the fixture as Terraform deploys it, by stand-in providers. */
class Deployed {
  private constructor(
    readonly context: StepContext,
    readonly engines: Awaited<ReturnType<typeof startEngines>>,
    private readonly configuration: Awaited<ReturnType<typeof synthesize>>,
  ) {}

  static async of(stack: string): Promise<Deployed> {
    const toolchain = await findToolchain();
    const terraform = toolchain.terraform?.path ?? 'terraform';
    const workspace = await Workspace.open({ project, stack, terraform, timeoutSeconds: 120 });
    const context = { workspace, stack, events: [] };
    const configuration = await synthesize(context);
    const engines = await startEngines(configuration, workspace, toolchain, { project });
    const deployed = new Deployed(context, engines, configuration);
    await deploy(context);
    return deployed;
  }

  applyTo(controlPlane: ControlPlane): Promise<KubernetesObject[]> {
    return applyToControlPlane(this.context, this.configuration, controlPlane);
  }

  async remove(): Promise<void> {
    await this.engines.stop();
    await this.context.workspace.remove();
  }
}

let controlPlane: ControlPlane;
let deployed: Deployed;
let objects: readonly KubernetesObject[];
let registry: ModelRegistry;
let follower: FollowerProcess;
const folder = mkdtempSync(join(tmpdir(), 'follower-'));
let store = join(folder, 'store');

const json = async (...args: string[]) =>
  JSON.parse(await succeed(controlPlane, 'get', ...args, ...NAMESPACE, '-o', 'json'));
const object = (kind: string, name: string) =>
  objects.find((one) => one.kind === kind && one.metadata.name === name) as KubernetesObject;
const rolledOut = (name: string) =>
  succeed(controlPlane, 'rollout', 'status', `deployment/${name}`, ...NAMESPACE, '--timeout=60s');
const start = () => FollowerProcess.start(controlPlane, object('Deployment', 'model-follower'), { folder, store });
const mayI = async (asked: string) => {
  const { stdout } = await controlPlane.kubectl('auth', 'can-i', ...asked.split(' '), FOLLOWER, ...NAMESPACE);
  return `${asked}: ${stdout.trim()}`;
};
/** What runs: the pin, the annotation, and that of each pod that serves. */
const running = async () => {
  const { data } = await json('configmap', 'model-server-version');
  const { spec } = await json('deployment', 'model-server');
  const { items } = await json('pods', '--selector', 'app.kubernetes.io/name=model-server');
  const versions = items
    .filter(({ metadata }: { metadata: { deletionTimestamp?: string } }) => !metadata.deletionTimestamp)
    .map(({ metadata }: { metadata: { annotations: Record<string, string> } }) => metadata.annotations[ANNOTATION]);
  return [data.RECOMMENDER_VERSION, spec.template.metadata.annotations[ANNOTATION], ...new Set(versions)];
};
/** The channel is moved, and the follower's verdict awaited. */
const afterwards = async (move: () => Promise<unknown>) => {
  const from = follower.lines.length;
  await move();
  return follower.line(({ msg }) => msg.startsWith('rollout ended'), from);
};
const promote = (version: string) => afterwards(() => registry.promote('production', version, { by: 'ann' }));
const record = () => registry.rollouts.get('production', 'eu');

beforeAll(async () => {
  controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
  for (const zone of ['a', 'b', 'c']) await addNode(controlPlane, { name: `node-${zone}`, zone });
  deployed = await Deployed.of('pinned');
  objects = await deployed.applyTo(controlPlane);
  for (const name of ['model-server', 'model-follower']) await rolledOut(name);
  registry = await openModelRegistry(store, 'online-retail');
  for (const version of [one, two, three]) await registry.register(version);
  follower = await start();
  await follower.line(({ msg }) => msg === 'nothing was promoted to the channel yet');
}, 1_800_000);
afterAll(async () => {
  await follower?.end('SIGKILL');
  await deployed?.remove();
  await controlPlane?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a follower in a cluster', () => {
  it('leaves the pods at the seed until something is promoted', async () => {
    expect(await running()).toEqual(['seed', undefined, undefined]);
    expect(await record()).toBeUndefined();
  });

  it('rolls a promoted version out, and tells the registry', async () => {
    expect(await promote(one.version)).toMatchObject({ msg: 'rollout ended: promoted', version: one.version });
    expect(await running()).toEqual([one.version, one.version, one.version]);
    const channel = await registry.channel('production');
    expect(await record()).toMatchObject({
      version: one.version,
      promotedAt: channel?.promotedAt,
      previous: 'seed',
      verdict: 'promoted',
      reason: 'all 2 pods are new and available',
    });
  });

  it('rolls the next one out, and back when the channel goes back', async () => {
    expect((await promote(two.version)).msg).toBe('rollout ended: promoted');
    expect(await running()).toEqual([two.version, two.version, two.version]);
    expect((await afterwards(() => registry.rollback('production', { by: 'ann' }))).msg).toBe(
      'rollout ended: promoted',
    );
    expect(await running()).toEqual([one.version, one.version, one.version]);
    expect(await record()).toMatchObject({ version: one.version, previous: two.version, verdict: 'promoted' });
  });

  it('owns its key and its annotation, and nothing else', async () => {
    const fields = async (kind: string, name: string) => {
      const { metadata } = await json(kind, name, '--show-managed-fields');
      const own = metadata.managedFields.find(({ manager }: { manager: string }) => manager === 'model-follower');
      return own.fieldsV1;
    };
    expect(await fields('configmap', 'model-server-version')).toEqual({ 'f:data': { 'f:RECOMMENDER_VERSION': {} } });
    expect(await fields('deployment', 'model-server')).toEqual({
      'f:spec': { 'f:template': { 'f:metadata': { 'f:annotations': { [`f:${ANNOTATION}`]: {} } } } },
    });
  });

  it('takes back a version that does not get on, tells why, and does not try it again', async () => {
    const { items } = await json('pods');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'full', namespace: 'recommender' },
      spec: { hard: { pods: `${items.length}` } },
    };
    await apply(controlPlane, [quota]);
    const line = await promote(three.version);
    expect(line).toMatchObject({ level: 50, msg: 'rollout ended: rolled-back', previous: one.version });
    expect(line.reason).toMatch(/has timed out progressing\. 0 of 2 pods are new, 2 of 2 are available$/);
    expect(await record()).toMatchObject({ version: three.version, verdict: 'rolled-back', reason: line.reason });
    await rolledOut('model-server');
    expect(await running()).toEqual([one.version, one.version, one.version]);
    expect((await registry.channel('production'))?.version).toBe(three.version);

    await succeed(controlPlane, 'delete', 'resourcequota', 'full', ...NAMESPACE);
    // Another process finds the same record, and goes back with the channel without a try of its own.
    const begun = ({ msg, version }: Line) => msg === 'rollout begins' && version === three.version;
    expect(follower.lines.filter(begun)).toHaveLength(1);
    await follower.end('SIGTERM');
    follower = await start();
    await afterwards(() => registry.rollback('production', { by: 'ann' }));
    expect(follower.lines.filter(begun)).toEqual([]);
    expect(await record()).toMatchObject({ version: one.version, verdict: 'promoted' });
  });

  it('tries it again when it is promoted again, and goes on with a rollout in which it was killed', async () => {
    await registry.promote('production', three.version, { by: 'ann' });
    await follower.line(({ msg, version }) => msg === 'rollout begins' && version === three.version);
    await follower.end('SIGKILL');
    follower = await start();
    const { version } = await follower.line(({ msg }) => msg === 'rollout ended: promoted');
    expect(version).toBe(three.version);
    expect(await running()).toEqual([three.version, three.version, three.version]);
  });

  it('puts right what somebody pins by hand', async () => {
    const from = follower.lines.length;
    const patch = JSON.stringify({ data: { RECOMMENDER_VERSION: 'seed' } });
    await succeed(controlPlane, 'patch', 'configmap', 'model-server-version', ...NAMESPACE, '-p', patch);
    await follower.line(({ msg }) => msg === 'version pinned again', from);
    expect((await running())[0]).toBe(three.version);
  });

  it('ends by SIGTERM', async () => {
    expect(await follower.end('SIGTERM')).toBe(0);
    expect(follower.lines.filter(({ level }) => level >= 50)).toEqual([]);
  });
});

describe('Terraform', () => {
  const annotation = (name: string, value: string) => ({
    type: 'kubernetes_deployment_v1',
    id: 'recommender/model-server',
    path: ['spec', 0, 'template', 0, 'metadata', 0, 'annotations', name],
    value,
  });
  const pinned = {
    type: 'kubernetes_config_map_v1',
    id: 'recommender/model-server-version',
    path: ['data', 'RECOMMENDER_VERSION'],
    value: three.version,
  };

  it('finds nothing to change after a promotion', async () => {
    await deployed.engines.standIns?.inject({ drift: [pinned, annotation(ANNOTATION, three.version)] });
    await planAgain(deployed.context);
  }, 120_000);

  it('sees what anybody changes beside it', async () => {
    await deployed.engines.standIns?.inject({ drift: [annotation('recommender/settings-sha256', 'by hand')] });
    await expect(planAgain(deployed.context)).rejects.toThrow(/The second plan is not empty[\s\S]*by hand/);
    await deployed.engines.standIns?.inject({});
  }, 120_000);

  it('changes nothing in the cluster by applying all of it again but for what it ignores', async () => {
    const again = objects.map((one) =>
      one.metadata.name === 'model-server-version' ? { ...one, data: undefined } : one,
    );
    expect(await difference(controlPlane, again)).toBe('');
    expect(await running()).toEqual([three.version, three.version, three.version]);
  });
});

it('has no object that kube-score calls critical, but for what the stacks have too', async () => {
  expect(await criticalOf(objects)).toEqual([
    // The image is named by its digest.
    'Deployment/model-follower: Container Image Pull Policy',
    'Deployment/model-server: Container Image Pull Policy',
    // Terraform ignores the number after the first apply.
    'Deployment/model-server: Deployment targeted by HPA does not have replicas configured',
  ]);
});

describe('the rights of a follower', () => {
  it.each(['get configmaps/model-server-version', 'patch configmaps/model-server-version'])(
    'are to %s',
    async (asked) => {
      expect(await mayI(asked)).toBe(`${asked}: yes`);
    },
  );

  it.each(['get deployments.apps/model-server', 'patch deployments.apps/model-server'])(
    'are to %s where no Flagger does',
    async (asked) => {
      expect(await mayI(asked)).toBe(`${asked}: yes`);
    },
  );

  it.each(DENIED)('are not to %s', async (asked) => {
    expect(await mayI(asked)).toBe(`${asked}: no`);
  });

  it('are not those of the model server, whose pods have no token at all', async () => {
    for (const asked of ['get configmaps/model-server-version', 'patch deployments.apps/model-server']) {
      const as = '--as=system:serviceaccount:recommender:model-server';
      const { stdout } = await controlPlane.kubectl('auth', 'can-i', ...asked.split(' '), as, ...NAMESPACE);
      expect(stdout.trim()).toBe('no');
    }
  });
});

describe('with a real Flagger', () => {
  /** Without a mesh: no requests until it is promoted, then all. No metric judges, only whether its pods are ready. */
  const canary = {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'model-server', namespace: 'recommender' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'model-server' },
      progressDeadlineSeconds: 30,
      service: { port: 80, targetPort: 'http', portName: 'http' },
      analysis: { interval: '1s', threshold: 2, iterations: 1 },
    },
  };
  const stops: (() => Promise<void>)[] = [];
  /** What the pods pin that take requests, and those of the target. */
  const pins = async () => {
    const names = ['model-server-version-primary', 'model-server-version'];
    return Promise.all(names.map(async (name) => (await json('configmap', name)).data.RECOMMENDER_VERSION));
  };

  beforeAll(async () => {
    const onProgress = (line: string) => console.error(line);
    // Another cluster, so to say: this one's has nothing yet.
    await succeed(controlPlane, 'delete', 'namespace', 'recommender');
    await installCrds(controlPlane, await flaggerCrds());
    const flagger = await Deployed.of('pinned-by-flagger');
    stops.push(() => flagger.remove());
    objects = await flagger.applyTo(controlPlane);
    const prometheus = await startPrometheus({ config: {}, onProgress });
    stops.push(() => prometheus.stop());
    const args = ['-control-loop-interval', '1s'];
    const { stop } = await startFlagger(controlPlane, {
      prometheusUrl: prometheus.url,
      meshProvider: 'kubernetes',
      args,
      onProgress,
    });
    stops.push(stop);
    store = join(folder, 'flagger');
    registry = await openModelRegistry(store, 'online-retail');
    for (const version of [one, two]) await registry.register(version);
    await registry.promote('production', one.version, { by: 'ann' });
    follower = await start();
  }, 1_800_000);
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  it('a follower pins nothing before Flagger has made its copy of the first version', async () => {
    const { msg } = await follower.line(({ level }) => level >= 50);
    expect(msg).toMatch(/^look failed: can't read Canary recommender\/model-server at .*: 404 /);
    expect((await json('configmap', 'model-server-version')).data.RECOMMENDER_VERSION).toBe('seed');
    await apply(controlPlane, [canary]);
    await follower.line(({ msg }) => msg === 'rollout goes on');
    expect(await pins()).toEqual(['seed', one.version]);
  }, 120_000);

  it('tells that Flagger has promoted a version, which the pods that take requests then have', async () => {
    expect(await follower.line(({ msg }) => msg.startsWith('rollout ended'))).toMatchObject({
      msg: 'rollout ended: promoted',
      version: one.version,
      previous: 'seed',
    });
    expect(await pins()).toEqual([one.version, one.version]);
    expect((await record())?.reason).toBe('Succeeded: Canary analysis completed successfully, promotion finished.');
  }, 120_000);

  it('tells that Flagger took a version back, and leaves it pinned, which no pod that takes requests has', async () => {
    const { items } = await json('pods');
    const hard = { pods: `${items.length}` };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'full', namespace: 'recommender' } };
    await apply(controlPlane, [{ ...quota, spec: { hard } }]);
    const line = await promote(two.version);
    expect(line).toMatchObject({ msg: 'rollout ended: rolled-back', version: two.version, previous: one.version });
    expect(line.reason).toMatch(/^Failed: /);
    expect(await pins()).toEqual([one.version, two.version]);
    await succeed(controlPlane, 'delete', 'resourcequota', 'full', ...NAMESPACE);
  }, 120_000);

  it('goes back with the channel, and forth', async () => {
    const back = await afterwards(() => registry.rollback('production', { by: 'ann' }));
    expect(back).toMatchObject({ msg: 'rollout ended: promoted', version: one.version });
    expect(await pins()).toEqual([one.version, one.version]);
    expect(await promote(two.version)).toMatchObject({ msg: 'rollout ended: promoted', version: two.version });
    expect(await pins()).toEqual([two.version, two.version]);
    expect(await record()).toMatchObject({ version: two.version, previous: one.version, verdict: 'promoted' });
  }, 240_000);

  it('may read its Canary, and nothing of the Deployment', async () => {
    for (const asked of ['get canaries.flagger.app/model-server', 'patch configmaps/model-server-version']) {
      expect(await mayI(asked)).toBe(`${asked}: yes`);
    }
    for (const asked of [
      ...DENIED,
      'get deployments.apps/model-server',
      'patch deployments.apps/model-server',
      'patch canaries.flagger.app/model-server',
      'list canaries.flagger.app',
    ]) {
      expect(await mayI(asked)).toBe(`${asked}: no`);
    }
  });
});
