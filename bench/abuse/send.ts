import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { HostileRequest } from './hostile-requests';
import type { RawAttack } from './raw-shapes';

/** What came back. No status: the connection ended without an answer, or with the client's own reset. */
export interface Outcome {
  readonly statuses: readonly number[];
  /** From the first byte sent to the last received. */
  readonly milliseconds: number;
  /** The server had too much to do, which says nothing of the request. */
  readonly refused: boolean;
  /** Body of an answer of 5xx, its beginning. */
  readonly detail?: string;
  /** The server neither answered nor ended the connection in {@link GIVE_UP_MS}. */
  readonly hung: boolean;
}

const GIVE_UP_MS = 5000;
const DETAIL_LENGTH = 500;
/** A server that is not ready says 5. */
const OVERLOADED_RETRY_AFTER = '1';
const REFUSAL = /HTTP\/1\.1 503 [^{]*Retry-After: 1\r\n/;
/** A body is JSON, which has no line ends of this kind, so what it repeats of a request never looks like an answer. */
const STATUS_LINE = /HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n/g;

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Sends over kept connections. */
export function requestSender({ host, port }: Target): {
  send(request: HostileRequest): Promise<Outcome>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, scheduling: 'fifo' });
  const send = ({ method, target, headers, body }: HostileRequest) =>
    new Promise<Outcome>((resolve) => {
      const started = performance.now();
      const statuses: number[] = [];
      let detail: string | undefined;
      let refused = false;
      const finish = (hung: boolean) => {
        resolve({ statuses, milliseconds: performance.now() - started, refused, detail, hung });
      };
      const request = httpRequest({ agent, host, port, method, path: target, headers }, (response) => {
        const status = response.statusCode as number;
        statuses.push(status);
        // An answer to HEAD has no body to say so.
        refused = status === 503 && response.headers['retry-after'] === OVERLOADED_RETRY_AFTER;
        if (status >= 500) {
          response.setEncoding('utf8').on('data', (text: string) => {
            detail = ((detail ?? '') + text).slice(0, DETAIL_LENGTH);
          });
        }
        response.resume().once('close', () => finish(false));
      });
      request.setTimeout(GIVE_UP_MS, () => {
        finish(true);
        request.destroy();
      });
      request.once('error', () => finish(false));
      request.end(body, 'latin1');
    });
  return { send, close: () => agent.destroy() };
}

/**
 * Sends over a connection of its own, until the server ends it.
 *
 * @param awaited answers before the client ends its side; Node answers nobody who does so earlier, but for what it
 * can answer at once
 */
export function sendRaw({ host, port }: Target, { bytes, cuts, ending }: RawAttack, awaited = 0): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = performance.now();
    let text = '';
    let hung = false;
    const socket = connect({ host, port, noDelay: true }, () => {
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        socket.write(bytes.slice(from, cut), 'latin1');
        from = cut;
      }
      if (ending === 'reset') socket.resetAndDestroy();
      else if (awaited === 0) socket.end();
    });
    socket.setEncoding('latin1').setTimeout(GIVE_UP_MS, () => {
      hung = true;
      socket.destroy();
    });
    socket.on('data', (data) => {
      text += data;
      if (awaited > 0 && statusesOf(text).length >= awaited) socket.end();
    });
    // The server may reset a connection whose rest it does not read.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const statuses = statusesOf(text);
      const detail = statuses.some((status) => status >= 500) ? text.slice(-DETAIL_LENGTH) : undefined;
      const refused = REFUSAL.test(text);
      resolve({ statuses, milliseconds: performance.now() - started, refused, detail, hung });
    });
  });
}

function statusesOf(text: string): number[] {
  return [...text.matchAll(STATUS_LINE)].map(([, status]) => Number(status));
}
