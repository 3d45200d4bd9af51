import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Logger } from 'pino';
import type { Handler } from '../runtime';
import type { EventsApi } from './events-api';
import { pagerDutyEvent, type Severity, SnsEvent } from './pager-duty-event';
import { readRoutingKey } from './routing-key';

export interface PageOptions {
  readonly secrets: SecretsManagerClient;
  readonly secretArn: string;
  readonly api: EventsApi;
  readonly severity: Severity;
  readonly logger: Logger;
}

/** Hands what SNS was told on to PagerDuty. What fails is an error of the invocation, so that Lambda tries it again. */
export function pageHandler({ secrets, secretArn, api, severity, logger }: PageOptions): Handler {
  return async (event) => {
    const { Records } = SnsEvent.parse(event);
    const routingKey = await readRoutingKey(secrets, secretArn);
    for (const { Sns } of Records) {
      const page = pagerDutyEvent(Sns, severity);
      await api.send(routingKey, page);
      const { event_action: action, dedup_key: key } = page;
      logger.info({ action, key }, 'PagerDuty has it');
    }
    return { sent: Records.length };
  };
}
