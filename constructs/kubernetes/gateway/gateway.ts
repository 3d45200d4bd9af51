import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError, type ServiceLevelObjective } from '../../../src';
import { implyResource } from '../../../src/guards/implied-resource';
import { Connections } from '../connections';
import { CustomResources } from '../custom-resources';
import type { ModelServer } from '../model-server';
import type { NetworkPeer } from '../network-peer';
import type { RecommenderNamespace } from '../recommender-namespace';
import type { GatewayAuthentication } from './gateway-authentication';
import type { GatewayCertificate } from './gateway-certificate';
import type { IGatewayController } from './gateway-controller';
import { gatewayObjects, HTTPS_LISTENER } from './gateway-objects';

export interface GatewayProps {
  readonly namespace: RecommenderNamespace;
  /** What makes its proxies. */
  readonly controller: IGatewayController;
  /** What answers. */
  readonly modelServer: Pick<ModelServer, 'serviceName' | 'rolledOutByFlagger' | 'connections' | 'portName'>;
  /** `recommendations.shop.example.com` */
  readonly hostname: string;
  readonly certificate: GatewayCertificate;
  readonly authentication: GatewayAuthentication;
  /** How much traffic the proxies are for. */
  readonly capacity: CapacityPlan;
  /** Sets how long a request may take. */
  readonly slo: ServiceLevelObjective;
  /**
   * Annotations of the load balancer's Service, by which a cloud knows what kind is wanted. Kong takes them itself.
   * @default {}
   */
  readonly loadBalancerAnnotations?: Record<string, string>;
}

/** The name that a Gateway's proxies are found by. */
const NAME = 'recommender';
/** Where cert-manager's solver of ACME challenges listens. */
const ACME_SOLVER_PORT = 8089;

/**
 * The way in from outside: TLS on 443, a redirect on 80, authentication and a rate limit before anything reaches the
 * model server.
 */
export class Gateway extends Construct {
  readonly resources: CustomResources;
  readonly hostname: string;
  /** As a route names what it is attached to. */
  readonly reference: { readonly name: string; readonly namespace: string; readonly sectionName: string };

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    this.check(props);
    const { namespace, controller, certificate, modelServer, hostname } = props;
    this.hostname = hostname;
    this.reference = { name: NAME, namespace: namespace.namespaceName, sectionName: HTTPS_LISTENER };
    const policies = controller.policies({
      ...props,
      gatewayName: NAME,
      routeName: modelServer.serviceName,
      routeByFlagger: modelServer.rolledOutByFlagger,
    });
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: 'gateway',
      namespaceName: namespace.namespaceName,
      objects: gatewayObjects(NAME, props, policies),
      dependsOn: [...controller.ready, ...certificate.ready],
    });
    const proxies = controller.proxies(NAME);
    implyResource(this, {
      type: 'kubernetes_service_v1',
      block: { metadata: { annotations: props.loadBalancerAnnotations ?? {} }, spec: { type: 'LoadBalancer' } },
      madeBy: "the gateway's controller",
    });
    modelServer.connections.allowFrom(
      proxies,
      [{ port: modelServer.portName }],
      "The gateway forwards customers' requests",
    );
    if (certificate.acme) this.admitChallenges(namespace, proxies);
  }

  /** An authority asks for a challenge through the gateway, which a pod of cert-manager's answers. */
  private admitChallenges({ namespaceName }: RecommenderNamespace, proxies: NetworkPeer): void {
    const podLabels = { 'acme.cert-manager.io/http01-solver': 'true' };
    const solver = new Connections(this, 'AcmeSolver', { name: 'acme-solver', namespaceName, podLabels });
    solver.allowFrom(proxies, [{ port: ACME_SOLVER_PORT }], 'A certificate authority asks for its challenge');
  }

  private check({ hostname }: GatewayProps): void {
    if (/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(hostname)) return;
    throw new ConfigError(
      `hostname is ${hostname}; allowed is a full name in lowercase letters, digits and hyphens, such as recommendations.shop.example.com.`,
      this,
    );
  }
}
