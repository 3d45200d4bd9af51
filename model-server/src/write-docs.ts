import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema, configurationPage } from './configuration-docs';
import { wholeOpenApiDocument } from './openapi/document';
import { problemsPage } from './openapi/problems-page';

const root = join(__dirname, '..', '..');
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
writeFileSync(join(root, 'model-server', 'server.schema.json'), json(configurationJsonSchema()));
writeFileSync(join(root, 'model-server', 'openapi.json'), json(wholeOpenApiDocument()));
writeFileSync(join(root, 'docs', 'configuration.md'), configurationPage());
writeFileSync(join(root, 'docs', 'problems.md'), problemsPage());
