import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import { Autoscaling, Keda, KedaTrigger, type RecommenderNamespace } from '../../../constructs/kubernetes';
import { CapacityPlan } from '../../../src';
import type { SynthesizedStack } from '../../helpers/synth';
import { CLUSTER, inCluster, modelServer, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const scaled = (autoscaling?: Autoscaling) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    modelServer(stack, namespace, { autoscaling, capacity: new CapacityPlan({ minReplicas: 3, maxReplicas: 20 }) });
  });
const byKeda = (...triggers: [KedaTrigger, ...KedaTrigger[]]) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    const keda = new Keda(stack, 'Keda', { cluster: CLUSTER });
    modelServer(stack, namespace, {
      autoscaling: Autoscaling.keda({ keda, triggers }),
      capacity: new CapacityPlan({ minReplicas: 3, maxReplicas: 20 }),
    });
  });
const scaledObject = (stack: SynthesizedStack): Json =>
  parse(release(stack, 'model-server-autoscaler').values[0], { version: '1.1' }).objects[0];

const perSecond = KedaTrigger.requestsPerSecond({ perReplica: 600 });

describe('by CPU', () => {
  test.each([
    [undefined, 60],
    [Autoscaling.cpu(), 60],
    [Autoscaling.cpu({ targetPercent: 75 }), 75],
  ])('replicas are kept at a share of the CPU that they request', (autoscaling, percent) => {
    expect(scaled(autoscaling).resource('kubernetes_horizontal_pod_autoscaler_v2')).toMatchObject({
      spec: {
        min_replicas: 3,
        max_replicas: 20,
        metric: [{ type: 'Resource', resource: { name: 'cpu', target: { average_utilization: percent } } }],
      },
    });
  });

  test.each([0, 101, Number.NaN])('fails when it is to be kept at %d %%', (targetPercent) => {
    expect(() => scaled(Autoscaling.cpu({ targetPercent }))).toThrow(
      `test/ModelServer: targetPercent is ${targetPercent}; allowed is 1 to 100`,
    );
  });

  test('KEDA is not asked', () => {
    expect(scaled().resources('helm_release')).toEqual({});
    expect(scaled().resource('kubernetes_horizontal_pod_autoscaler_v2')).toBeInstanceOf(Object);
  });
});

describe('by KEDA', () => {
  test('there is no other autoscaler, which would pull the other way', () => {
    const stack = byKeda(perSecond);
    expect(scaledObject(stack).kind).toBe('ScaledObject');
    expect(stack.resources('kubernetes_horizontal_pod_autoscaler_v2')).toEqual({});
  });

  test('replicas have the bounds of the capacity, and what the peak needs when nothing can be measured', () => {
    expect(scaledObject(byKeda(perSecond))).toMatchObject({
      apiVersion: 'keda.sh/v1alpha1',
      metadata: { name: 'model-server' },
      spec: {
        scaleTargetRef: { name: expect.stringMatching(/^\$\{kubernetes_deployment_v1\./) },
        minReplicaCount: 3,
        maxReplicaCount: 20,
        fallback: { failureThreshold: 4, replicas: 3, behavior: 'currentReplicasIfHigher' },
        advanced: { horizontalPodAutoscalerConfig: { name: 'model-server' } },
      },
    });
  });

  test('the autoscaler that KEDA makes is as fast and as slow as the one by CPU', () => {
    const { behavior } = scaledObject(byKeda(perSecond)).spec.advanced.horizontalPodAutoscalerConfig;
    const own = (scaled().resource('kubernetes_horizontal_pod_autoscaler_v2') as Json).spec.behavior;
    for (const [direction, name] of [
      ['scaleUp', 'scale_up'],
      ['scaleDown', 'scale_down'],
    ] as const) {
      expect(own[name][0].stabilization_window_seconds).toBe(behavior[direction].stabilizationWindowSeconds);
      expect(own[name][0].policy.map(({ type, value, period_seconds }: Json) => [type, value, period_seconds])).toEqual(
        behavior[direction].policies.map(({ type, value, periodSeconds }: Json) => [type, value, periodSeconds]),
      );
    }
  });

  test('it comes after the operator, from its pinned chart', () => {
    const stack = byKeda(perSecond);
    expect(release(stack, 'model-server-autoscaler').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.Keda_/),
    ]);
    expect(release(stack, 'keda')).toMatchObject({ chart: 'keda', version: '2.20.2' });
  });

  test('with CPU alone nothing is to be done when nothing can be measured: KEDA refuses it', () => {
    const { spec } = scaledObject(byKeda(KedaTrigger.cpu({ targetPercent: 60 })));
    expect(spec.triggers).toEqual([{ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } }]);
    expect(spec).not.toHaveProperty('fallback');
  });

  test.each([
    [
      'requests a second',
      perSecond,
      {
        type: 'prometheus',
        metricType: 'AverageValue',
        metadata: {
          serverAddress: 'http://kube-prometheus-stack-prometheus.monitoring.svc:9090',
          // Of these pods alone: beside them Flagger tries new versions, and has its own copy for them.
          query: expect.stringMatching(
            /^sum\(rate\(recommender_http_requests_total\{namespace="[^"]+",pod=~"model-server-\[0-9a-z\]\+-\[0-9a-z\]\+",route=~"\/v1\/\.\*"\}\[1m\]\)\)$/,
          ),
          threshold: '600',
          ignoreNullValues: 'false',
        },
      },
    ],
    [
      "a topic's lag",
      KedaTrigger.kafkaLag({
        bootstrapServers: 'kafka:9092',
        topic: 'events',
        consumerGroup: 'features',
        perReplica: 1000,
      }),
      {
        type: 'kafka',
        metadata: { bootstrapServers: 'kafka:9092', topic: 'events', consumerGroup: 'features', lagThreshold: '1000' },
      },
    ],
    [
      'the clock',
      KedaTrigger.cron({ start: '0 18 * * 5', end: '0 22 * * 5', timezone: 'Europe/Berlin', replicas: 20 }),
      {
        type: 'cron',
        metadata: { timezone: 'Europe/Berlin', start: '0 18 * * 5', end: '0 22 * * 5', desiredReplicas: '20' },
      },
    ],
  ])('replicas follow %s', (_, trigger, expected) => {
    expect(scaledObject(byKeda(trigger)).spec.triggers).toEqual([expected]);
  });

  test("a user's values of the chart come last, so that they win", () => {
    const stack = inCluster((stack) => {
      new Keda(stack, 'Keda', { cluster: CLUSTER, values: { operator: { replicaCount: 1 } } });
    });
    const [own, theirs] = release(stack, 'keda').values.map((text: string) => parse(text, { version: '1.1' }));
    expect(own.operator.replicaCount).toBe(2);
    expect(theirs).toEqual({ operator: { replicaCount: 1 } });
  });

  test('the HCL', async () => {
    expect(await byKeda(perSecond).hcl()).toMatchSnapshot();
  });
});
