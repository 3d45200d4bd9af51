import { Construct } from 'constructs';
import { ConfigError, type ServiceLevelObjective } from '../../../src';
import { CustomResources } from '../custom-resources';
import type { Gateway } from '../gateway/gateway';
import { PUBLIC_PATHS } from '../gateway/gateway-objects';
import type { ModelServer } from '../model-server';
import { deliveryGates, metricTemplate } from './delivery-gates';
import { DeliveryShape } from './delivery-shape';
import type { DeliveryWebhook } from './delivery-webhook';
import type { Flagger } from './flagger';

export interface ProgressiveDeliveryProps {
  readonly flagger: Flagger;
  /** What is rolled out, made with `rolledOutBy: flagger`. */
  readonly modelServer: ModelServer;
  /** Whose requests are split. */
  readonly gateway: Gateway;
  /** The gates: what a new version must hold. */
  readonly slo: ServiceLevelObjective;
  /** @default DeliveryShape.canary() */
  readonly shape?: DeliveryShape;
  /**
   * Seconds between two looks at the gates, each over the time since the last; 60 at least, so that a scrape or two are in it.
   * @default 60
   */
  readonly intervalSeconds?: number;
  /**
   * Failed looks after which a version is taken back.
   * @default 3
   */
  readonly failedChecks?: number;
  /** @default [] */
  readonly webhooks?: readonly DeliveryWebhook[];
}

/**
 * New versions of the model server, image or model, are let at requests step by step, and taken back by themselves when
 * they don't hold the objective. Flagger owns the Services and the route.
 */
export class ProgressiveDelivery extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: ProgressiveDeliveryProps) {
    super(scope, id);
    const { flagger, modelServer, gateway, slo, shape = DeliveryShape.canary(), webhooks = [] } = props;
    const { intervalSeconds = 60, failedChecks = 3 } = props;
    if (!modelServer.rolledOutByFlagger) {
      throw new ConfigError(
        'modelServer is not made with `rolledOutBy: flagger`, so its own Service would be where Flagger makes one. Add it.',
        this,
      );
    }
    if (!(Number.isInteger(intervalSeconds) && intervalSeconds >= 60)) {
      throw new ConfigError(`intervalSeconds is ${intervalSeconds}; allowed are whole seconds from 60.`, this);
    }
    const { deployment, portName, autoscalerKind } = modelServer;
    // A reference, so that the Deployment comes first.
    const { name, namespace } = deployment.metadata;
    const gates = deliveryGates(slo, modelServer);
    const interval = `${intervalSeconds}s`;
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: 'model-server-delivery',
      namespaceName: namespace,
      objects: [
        ...gates.map((gate) => metricTemplate(gate, flagger.prometheusUrl)),
        {
          apiVersion: 'flagger.app/v1beta1',
          kind: 'Canary',
          metadata: { name },
          spec: {
            targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
            autoscalerRef: { ...autoscalerKind, name },
            // Two minutes for a model to be fetched and checked, and as long again for nodes to come.
            progressDeadlineSeconds: 300,
            service: {
              port: 80,
              targetPort: portName,
              portName,
              hosts: [gateway.hostname],
              gatewayRefs: [gateway.reference],
              match: PUBLIC_PATHS.map((prefix) => ({ uri: { prefix } })),
            },
            analysis: {
              interval,
              threshold: failedChecks,
              ...shape.analysis,
              metrics: gates.map(({ name, max }) => ({
                name,
                interval,
                templateRef: { name },
                thresholdRange: { max },
              })),
              webhooks: webhooks.map(({ spec }) => spec),
            },
          },
        },
      ],
      dependsOn: [flagger.release, gateway.resources.release],
    });
  }
}
