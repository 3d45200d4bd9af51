import { isIP } from 'node:net';
import type { ServerConfig } from '../config';
import { clientAddress } from './client-address';

/** Whether only this machine reaches an address to listen on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What is wrong with settings that each are valid: one line each, which names the setting and what to do. */
export function securityProblems(config: ServerConfig): string[] {
  const { authentication, host, apiKeysFile, jwksUri, jwtIssuer, jwtAudiences } = config;
  const problems: string[] = [];
  const knowsCallers = apiKeysFile !== undefined || jwksUri !== undefined;
  if (authentication === 'required' && !knowsCallers) {
    problems.push('authentication: is required, but nobody could pass; set apiKeysFile, jwksUri or both');
  }
  if (authentication === undefined && !knowsCallers && !isLoopback(host)) {
    problems.push(
      `host: ${host} can be reached from other machines, and callers are not authenticated; set apiKeysFile or ` +
        'jwksUri, or authentication to none where a gateway or a network policy decides who may call',
    );
  }
  if (jwksUri !== undefined) {
    if (!isKeySetUri(jwksUri)) {
      problems.push(`jwksUri: got ${jwksUri}; must be an https:// address, http:// on loopback only, or a file's path`);
    }
    if (jwtIssuer === undefined) problems.push('jwtIssuer: is missing; with jwksUri, set what tokens have as iss');
    if (jwtAudiences.length === 0) {
      problems.push('jwtAudiences: is empty; with jwksUri, set what tokens for this API have as aud');
    }
  } else if (jwtIssuer !== undefined || jwtAudiences.length > 0 || config.jwtUserClaim !== undefined) {
    problems.push('jwksUri: is missing; without the keys of their issuer no tokens are accepted');
  }
  try {
    clientAddress(config.trustProxy);
  } catch (error) {
    problems.push(`trustProxy: ${(error as Error).message}; must be addresses, networks, or one number of proxies`);
  }
  if (config.rateLimitPerCaller > 0 && (!knowsCallers || authentication === 'none')) {
    problems.push('rateLimitPerCaller: callers are not authenticated; set rateLimitPerAddress, or authenticate them');
  }
  return problems;
}

/** Keys that come unprotected over a network are whatever somebody on the way makes of them. */
function isKeySetUri(uri: string): boolean {
  if (!URL.canParse(uri)) return true;
  const { protocol, hostname } = new URL(uri);
  if (protocol === 'http:') return isLoopback(hostname.replace(/^\[|\]$/g, ''));
  return protocol === 'https:';
}
