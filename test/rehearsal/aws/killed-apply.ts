import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { StandingArea } from './deployed-area';

/**
 * Applies an area's stack, and kills Terraform with all that it started when AWS has done what a request asks for and
 * Terraform doesn't know yet: as when a runner is taken away.
 *
 * @param fatal whether a request, by its body, is the one that is never answered
 */
export async function killedApply(area: StandingArea, fatal: (body: string) => boolean): Promise<void> {
  const { workspace, terraform, moto } = area;
  await workspace.terraform('init', '-input=false');
  let apply: ChildProcess | undefined;
  let killed = false;
  const between = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, headers, url = '' } = incoming;
    const onward = request(new URL(url, moto.endpoint), { method, headers }, async (answer) => {
      const whole = await buffer(answer);
      if (killed) return;
      if (apply?.pid !== undefined && fatal(body.toString('utf8'))) {
        killed = true;
        process.kill(-apply.pid, 'SIGKILL');
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(whole);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  between.listen(0, '127.0.0.1');
  await once(between, 'listening');
  const { port } = between.address() as AddressInfo;
  try {
    apply = spawn(terraform, ['apply', '-auto-approve', '-input=false', '-no-color'], {
      cwd: workspace.stackFolder,
      // A group of its own, which its providers are in, too.
      detached: true,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        CHECKPOINT_DISABLE: '1',
        TF_CLI_CONFIG_FILE: join(workspace.folder, 'terraformrc'),
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: 'rehearsal',
        AWS_SECRET_ACCESS_KEY: 'rehearsal',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    const [code, signal] = await once(apply, 'exit');
    if (signal !== 'SIGKILL') throw new Error(`the apply was not killed: it ended with ${code ?? signal}`);
  } finally {
    between.closeAllConnections();
    between.close();
  }
}
