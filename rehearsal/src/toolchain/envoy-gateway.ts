import { join } from 'node:path';
import { goModuleFiles } from './go-module-files';
import { type GoProgramOptions, goProgram } from './go-program';

const MODULE = 'github.com/envoyproxy/gateway';
export const ENVOY_GATEWAY_VERSION = 'v1.9.0';
/** As its chart has them. */
const CRDS = 'charts/gateway-helm/charts/crds/crds';

type Options = Pick<GoProgramOptions, 'onProgress' | 'signal'>;

/** Envoy Gateway's controller, built on first use. @throws RehearsalError where Go or the module can't be had */
export function envoyGatewayProgram(options: Options = {}): Promise<string> {
  const source = { package: `${MODULE}/cmd/envoy-gateway`, version: ENVOY_GATEWAY_VERSION };
  return goProgram({ program: 'envoy-gateway', ...source, takes: '2 to 5 minutes', ...options });
}

const crds = async ({ signal }: Pick<Options, 'signal'>) =>
  join(await goModuleFiles(MODULE, ENVOY_GATEWAY_VERSION, signal), CRDS);

/** Files with the Gateway API's kinds, as Envoy Gateway's chart brings them. @throws RehearsalError where they can't be had */
export async function gatewayApiCrds(options: Pick<Options, 'signal'> = {}): Promise<string[]> {
  return [join(await crds(options), 'gatewayapi-crds.yaml')];
}

/** Files with Envoy Gateway's own kinds. @throws RehearsalError where they can't be had */
export async function envoyGatewayCrds(options: Pick<Options, 'signal'> = {}): Promise<string[]> {
  return [join(await crds(options), 'generated')];
}
