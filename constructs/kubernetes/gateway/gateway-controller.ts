import type { ITerraformDependable } from 'cdktf';
import type { CapacityPlan, ServiceLevelObjective } from '../../../src';
import type { CustomResource } from '../custom-resources';
import type { NetworkPeer } from '../network-peer';
import type { GatewayAuthentication } from './gateway-authentication';

/** How many times the planned peak is let through, before the rest is answered 429. */
const PEAK_MARGIN = 2;
/** Proxies to start with, so that losing one loses nobody. */
export const MIN_PROXIES = 2;
export const MAX_PROXIES = 10;
/** Longest body that the API takes, in KiB, which the model server refuses too. */
export const MAX_BODY_KIB = 256;

/** What goes through a Gateway, for its controller's own objects. */
export interface GatewayTraffic {
  /** Name of the Gateway. */
  readonly gatewayName: string;
  /** Name of the route to the model server. */
  readonly routeName: string;
  /** Whether Flagger makes that route, by the Gateway API's own means only. */
  readonly routeByFlagger: boolean;
  readonly authentication: GatewayAuthentication;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
  /** Annotations of the load balancer's Service, where the controller makes one for each Gateway. */
  readonly loadBalancerAnnotations?: Record<string, string>;
}

/** What a controller has beside the kinds of the Gateway API. */
export interface GatewayPolicies {
  readonly objects: readonly CustomResource[];
  /** `spec.infrastructure` of the Gateway. @default - none */
  readonly infrastructure?: object;
  /** What the route to the model server has beyond the Gateway API's least. @default - nothing */
  readonly route?: { readonly annotations: Record<string, string>; readonly timeouts: object };
}

/** What makes proxies of Gateways: Envoy Gateway or Kong. */
export interface IGatewayController {
  readonly gatewayClassName: string;
  /** What brings its kinds, and its class. */
  readonly ready: readonly ITerraformDependable[];
  /** The pods that forward a Gateway's requests. */
  proxies(gatewayName: string): NetworkPeer;
  /** @throws ConfigError when it can't do what is asked of it */
  policies(traffic: GatewayTraffic): GatewayPolicies;
}

/** Requests a second that one of the first proxies lets through: each counts for itself. */
export function requestsPerProxy({ capacity }: GatewayTraffic): number {
  return Math.ceil((PEAK_MARGIN * capacity.peakRequestsPerSecond) / MIN_PROXIES);
}
