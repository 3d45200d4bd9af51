import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Any client stalls now and then; this long is forgiven. */
const GRACE_MS = 4000;
/** What a client on a bad mobile network still manages; Apache's mod_reqtimeout asks for half of it. */
const BYTES_PER_SECOND = 1000;

/** Tells clients that hold a connection by a body that hardly comes from those that are only slow. */
export class SlowBodies {
  private readonly firstSeen = new WeakMap<ServerResponse, { readonly at: number; readonly bytes: number }>();

  /** Asked of every connection about once a second, with its newest answer. */
  isTooSlow(socket: Socket, answer: ServerResponse): boolean {
    if (answer.req.complete) return false;
    const now = performance.now();
    const first = this.firstSeen.get(answer);
    if (!first) {
      this.firstSeen.set(answer, { at: now, bytes: socket.bytesRead });
      return false;
    }
    const due = ((now - first.at - GRACE_MS) / 1000) * BYTES_PER_SECOND;
    return due > 0 && socket.bytesRead - first.bytes < due;
  }
}
