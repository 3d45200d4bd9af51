import { appendFile, readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { day, jsonOption } from '../options';
import { Output } from '../output';

interface CreateOptions {
  readonly scopes: readonly string[];
  readonly expires?: string;
  readonly file?: string;
  readonly json?: boolean;
}

export function keysCommand(): Command {
  return new Command('keys')
    .description('API keys of the model server, which keeps only their hashes.')
    .addCommand(createCommand());
}

function createCommand(): Command {
  return new Command('create')
    .description('make a key; it is shown this once and stored nowhere')
    .argument('<id>', 'names the key in limits and files: lowercase letters, digits, -')
    .requiredOption('--scopes <scopes...>', 'what it may do, such as recommendations:read')
    .option('--expires <date>', 'first day (UTC) on which it no longer works, YYYY-MM-DD', day)
    .option('--file <path>', 'add its hash to this file; by default it is printed')
    .addOption(jsonOption())
    .addHelpText('after', '\nThe file is what RECOMMENDER_API_KEYS_FILE names. docs/security.md has the scopes.')
    .action(async (id: string, options: CreateOptions) => {
      const { ApiKeys, createApiKey } = await import('@cdktf-recommender/model-server');
      const expires = options.expires === undefined ? undefined : `${options.expires}T00:00:00Z`;
      const { key, record } = createApiKey({ id, scopes: options.scopes, expires });
      const line = JSON.stringify(record);
      const { file } = options;
      if (file !== undefined) {
        const before = await existing(file);
        const added = `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`;
        // Checked as a whole, so that a server that reads it again takes it.
        ApiKeys.parse(before + added, file);
        await appendFile(file, added, { mode: 0o600 });
      }
      new Output(options.json ?? false).result({ key, record }, () =>
        [
          `The key, shown this once:\n  ${key}`,
          file === undefined ? `Its line for the server's file of keys:\n${line}` : `Its hash was added to ${file}`,
        ].join('\n'),
      );
    });
}

/** What a file holds; nothing if it isn't there yet. */
async function existing(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
