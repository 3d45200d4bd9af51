import { AlertReceiver } from '../constructs/kubernetes/alerting/alert-receiver';
import { AlertRouting } from '../constructs/kubernetes/alerting/alert-routing';
import { ALWAYS_RUNNING, OPERATORS_RUNNING, type RunningContainers } from '../constructs/kubernetes/cluster-load';
import { DeliveryShape } from '../constructs/kubernetes/delivery/delivery-shape';
import { GatewayAuthentication } from '../constructs/kubernetes/gateway/gateway-authentication';
import { LogStore } from '../constructs/kubernetes/logging/log-store';
import type { WorkloadChoices } from '../src';

type Alerts = NonNullable<WorkloadChoices['alerts']>;
type Receiver = Alerts['page'][number];

/** What runs in a cluster beside the model server. */
export function runningContainers(choices: WorkloadChoices): RunningContainers[] {
  const { gateway, delivery, autoscaling, logs, caches, traces, costs, probes, runtimeDetection } = choices;
  const moreNodes = logs?.kind === 'elasticsearch' ? (logs.nodes ?? 1) - 1 : 0;
  return [
    ...ALWAYS_RUNNING,
    ...(autoscaling.kind === 'keda' ? OPERATORS_RUNNING.keda : []),
    ...(gateway ? OPERATORS_RUNNING.envoyGateway : []),
    ...(gateway?.certificate.kind === 'acme' ? OPERATORS_RUNNING.certManager : []),
    ...(delivery.kind === 'rolling' ? [] : OPERATORS_RUNNING.flagger),
    ...(logs?.kind === 'loki' ? OPERATORS_RUNNING.logsInLoki : []),
    ...(logs?.kind === 'elasticsearch' ? OPERATORS_RUNNING.logsInElasticsearch : []),
    { size: 'elasticsearch', count: moreNodes },
    ...caches.flatMap(() => OPERATORS_RUNNING.valkey),
    ...(traces ? OPERATORS_RUNNING.tracing : []),
    ...(costs ? OPERATORS_RUNNING.openCost : []),
    ...(probes ? OPERATORS_RUNNING.blackboxExporter : []),
    ...(runtimeDetection ? OPERATORS_RUNNING.falco : []),
  ];
}

export function deliveryShape(
  delivery: Exclude<WorkloadChoices['delivery'], { readonly kind: 'rolling' }>,
): DeliveryShape {
  switch (delivery.kind) {
    case 'canary':
      return DeliveryShape.canary(delivery);
    case 'blue-green':
      return DeliveryShape.blueGreen(delivery);
    case 'mirrored':
      return DeliveryShape.mirrored(delivery);
    case 'ab-test':
      return DeliveryShape.abTest(delivery);
  }
}

export function gatewayAuthentication({
  authentication,
}: NonNullable<WorkloadChoices['gateway']>): GatewayAuthentication {
  return authentication.kind === 'jwt' ? GatewayAuthentication.jwt(authentication) : GatewayAuthentication.none();
}

export function logStore(logs: NonNullable<WorkloadChoices['logs']>): LogStore {
  return logs.kind === 'loki' ? LogStore.loki(logs) : LogStore.elasticsearch(logs);
}

export function alertRouting({ page, ticket, ...rest }: Alerts): AlertRouting {
  return new AlertRouting({ page: page.map(alertReceiver), ticket: ticket.map(alertReceiver), ...rest });
}

function alertReceiver(receiver: Receiver): AlertReceiver {
  switch (receiver.kind) {
    case 'pagerduty':
      return AlertReceiver.pagerDuty(receiver);
    case 'slack':
      return AlertReceiver.slack(receiver);
    case 'teams':
      return AlertReceiver.teams(receiver);
    case 'email':
      return AlertReceiver.email(receiver);
  }
}
