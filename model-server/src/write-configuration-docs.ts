import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema, configurationPage } from './configuration-docs';

const root = join(__dirname, '..', '..');
writeFileSync(
  join(root, 'model-server', 'server.schema.json'),
  `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`,
);
writeFileSync(join(root, 'docs', 'configuration.md'), configurationPage());
