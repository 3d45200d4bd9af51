import { parseArgs } from 'node:util';
import { RegistryError } from './errors';
import { openObjectStore } from './open-object-store';
import { syncVersions } from './sync';

const USAGE = `Copies the model versions that one store has and another lacks, with checksums. Deletes nothing, moves no channel.

  node sync-main.js --source <url> --destination <url> --model <name>

  --source       SYNC_SOURCE_URL       a directory, file: URL, s3://bucket/prefix or
                                       az://account/container/prefix
  --destination  SYNC_DESTINATION_URL  the same
  --model        SYNC_MODEL            the model's name

Prints a JSON line for each version that was missing, and one with the totals. Exit codes: 0 the destination has every
version, 1 a store can't be used (run it again: it goes on where it stopped), 2 wrong arguments, 3 a corrupt version was
refused.`;

async function main(argv: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      source: { type: 'string', default: env.SYNC_SOURCE_URL },
      destination: { type: 'string', default: env.SYNC_DESTINATION_URL },
      model: { type: 'string', default: env.SYNC_MODEL },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { source, destination, model } = values;
  if (!source || !destination || !model) {
    const missing = Object.entries({ source, destination, model }).filter(([, value]) => !value);
    const names = missing.map(([name]) => `--${name}`).join(', ');
    throw new RegistryError('INVALID_ARGUMENT', `missing: ${names}`, 'See --help.');
  }
  const summary = await syncVersions({
    source: await openObjectStore(source),
    destination: await openObjectStore(destination),
    model,
    onVersion: (outcome) => console.log(JSON.stringify(outcome)),
  });
  console.log(JSON.stringify({ outcome: 'summary', ...summary }));
  return summary.refused > 0 ? 3 : 0;
}

// The first process of a container ignores signals it has no handler for. Stopping anywhere is safe.
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  process.once(signal, () => process.exit(code));
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof RegistryError) console.error(`error: ${error.message}\nhint: ${error.hint}`);
    else if (isUsageError(error)) console.error(`error: ${error.message}\nhint: See --help.`);
    else console.error(error);
    const wrongArguments = isUsageError(error) || (error instanceof RegistryError && error.code === 'INVALID_ARGUMENT');
    process.exitCode = wrongArguments ? 2 : 1;
  },
);

function isUsageError(error: unknown): error is Error {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
