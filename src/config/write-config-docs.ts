import { writeFileSync } from 'node:fs';
import { configJsonSchema, configPage } from './config-docs';

// Run at the root of the repository by `npm run docs`.
writeFileSync('docs/config.md', configPage());
writeFileSync('docs/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
