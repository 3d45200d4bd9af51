import { setTimeout as pause } from 'node:timers/promises';
import type { PagerDutyEvent } from './pager-duty-event';

/** PagerDuty didn't take an event. */
export class PagerDutyError extends Error {
  override readonly name = 'PagerDutyError';
}

export interface EventsApiOptions {
  readonly url: string;
  /**
   * Milliseconds before the second attempt; each further one waits twice as long.
   * @default 500
   */
  readonly backoffMs?: number;
}

const ATTEMPTS = 4;
const ATTEMPT_MS = 5000;

/** Sends to PagerDuty's Events API v2. */
export class EventsApi {
  private readonly url: string;
  private readonly backoffMs: number;

  constructor({ url, backoffMs = 500 }: EventsApiOptions) {
    this.url = url;
    this.backoffMs = backoffMs;
  }

  /**
   * Sends an event, again when PagerDuty can't be reached, asks for patience (429) or fails (5xx). One that was taken
   * twice does nothing twice, by its key.
   *
   * @throws PagerDutyError when it was refused, or not taken in four attempts; the key is never in it
   */
  async send(routingKey: string, event: PagerDutyEvent): Promise<void> {
    const body = JSON.stringify({ routing_key: routingKey, ...event });
    for (let attempt = 1; ; attempt++) {
      const { problem, again } = await this.attempt(body);
      if (problem === undefined) return;
      if (!again || attempt === ATTEMPTS) {
        const attempts = attempt === 1 ? '' : ` in ${attempt} attempts`;
        throw new PagerDutyError(
          `PagerDuty did not take ${event.dedup_key}${attempts}: ${problem.replaceAll(routingKey, '***')}`,
        );
      }
      await pause(this.backoffMs * 2 ** (attempt - 1));
    }
  }

  private async attempt(body: string): Promise<{ problem?: string; again?: boolean }> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        // Where it led would be told the key.
        redirect: 'manual',
        signal: AbortSignal.timeout(ATTEMPT_MS),
      });
      const { ok, status } = response;
      const answer = await response.text();
      if (ok) return {};
      return { problem: `it answered ${status} ${answer.slice(0, 500)}`, again: status === 429 || status >= 500 };
    } catch (error) {
      const { message, cause } = error as Error & { readonly cause?: Error };
      return { problem: cause ? `${message}: ${cause.message}` : message, again: true };
    }
  }
}
