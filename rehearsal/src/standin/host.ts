/** Serves all stand-ins of a rehearsal in one process; forked by start.ts, ends when its parent does. */
import type { HostConfig, HostMessage, HostRequest } from './messages';
import { profileOf } from './profile';
import { StandIn } from './provider';
import { ProviderPackage } from './provider-package';
import { ServedTypes } from './served-types';
import { listen, standInServer } from './server';

const send = (message: HostMessage) => process.send?.(message);

async function main(config: HostConfig): Promise<void> {
  const types = new ServedTypes(config.outputFolder);
  const standIns = config.providers.map(({ name, folder }) => ({
    name,
    standIn: new StandIn(new ProviderPackage(folder, profileOf(name)), { name, types: () => types.current() }),
  }));
  const reattach: Record<string, object> = {};
  for (const { standIn } of standIns) {
    const port = await listen(standInServer(standIn));
    const address = { Network: 'tcp', String: `127.0.0.1:${port}` };
    reattach[standIn.provider.source] = {
      Protocol: 'grpc',
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: address,
    };
  }
  process.on('message', (request: HostRequest) => {
    if (request.ask === 'faults') {
      for (const { standIn } of standIns) standIn.faults.set(request.faults);
      send({ id: request.id });
    } else {
      const inventory = standIns.flatMap(({ name, standIn }) =>
        standIn.inventory().map((r) => ({ provider: name, ...r })),
      );
      send({ id: request.id, inventory });
    }
  });
  send({ ready: JSON.stringify(reattach) });
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; Terraform still needs its providers to end in order.
process.on('SIGINT', () => undefined);
main(JSON.parse(process.argv[2] ?? '{}') as HostConfig).catch((error: Error & { hint?: string }) => {
  send({ failed: error.message, hint: error.hint });
  process.exitCode = 1;
  process.disconnect();
});
