/**
 * `node plugin.js <name> <package folder>`: one stand-in as a plugin program of its own, for Terraform's `init`, lock
 * file and version constraints, which skip the attached stand-ins. Without TLS: set TF_DISABLE_PLUGIN_TLS=1.
 */
import { profileOf } from './profile';
import { StandIn } from './provider';
import { ProviderPackage } from './provider-package';
import { ServedTypes } from './served-types';
import { listen, standInServer } from './server';

// The value by which go-plugin tells Terraform's plugins from programs started by hand.
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

async function main(): Promise<void> {
  const [name, folder] = process.argv.slice(2);
  if (process.env.TF_PLUGIN_MAGIC_COOKIE !== COOKIE || !name || !folder) {
    process.stderr.write('This is a stand-in Terraform provider; Terraform starts it.\n');
    process.exitCode = 1;
    return;
  }
  const types = new ServedTypes(process.cwd());
  const standIn = new StandIn(new ProviderPackage(folder, profileOf(name)), { name, types: () => types.current() });
  const port = await listen(standInServer(standIn, () => setTimeout(() => process.exit(0), 20)));
  process.stdout.write(`1|6|tcp|127.0.0.1:${port}|grpc|\n`);
  process.on('SIGINT', () => undefined); // Terraform takes Ctrl-C and then asks its plugins to stop.
  process.on('SIGTERM', () => process.exit(0));
}

void main();
