import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { OpenStack } from '@cdktf-recommender/rehearsal';

/**
 * Applies a stack, and kills Terraform with all that it started when AWS has done what a request asks for and Terraform
 * doesn't know yet: as when a runner is taken away.
 *
 * @param fatal whether a request, by its body, is the one that is never answered
 */
export async function killedApply(stack: OpenStack, fatal: (body: string) => boolean): Promise<void> {
  const kill = new AbortController();
  const between = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, headers, url = '' } = incoming;
    const onward = request(new URL(url, stack.moto.endpoint), { method, headers }, async (answer) => {
      const whole = await buffer(answer);
      if (fatal(body.toString('utf8'))) kill.abort();
      if (!kill.signal.aborted) outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(whole);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  between.listen(0, '127.0.0.1');
  await once(between, 'listening');
  const { port } = between.address() as AddressInfo;
  try {
    const { output } = await stack.applyUntil(kill.signal, `http://127.0.0.1:${port}`);
    if (!kill.signal.aborted) throw new Error(`the apply was not killed:\n${output}`);
  } finally {
    between.closeAllConnections();
    between.close();
  }
}
