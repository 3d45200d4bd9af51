import { configFindings } from './config-rules';
import type { Finding } from './finding';
import { withTags } from './owners';
import { securityHubFindings } from './security-hub';

export interface Gathered {
  /** Whom the findings are from. */
  readonly asked: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * All open findings of an account and region. Security Hub has AWS Config's among its own, so Config is asked only where
 * there is no Security Hub.
 */
export async function gather(region: string): Promise<Gathered> {
  const gathered = await securityHubFindings(region);
  const asked = gathered ? ['Security Hub'] : ['AWS Config'];
  return { asked, findings: await withTags(gathered ?? (await configFindings(region)), region) };
}
