import { writeFileSync } from 'node:fs';
import { loadConfig } from '../../src';
import { diagramsPage } from './diagrams-page';

// Run at the root of the repository by `npm run docs`.
writeFileSync('docs/diagrams.md', diagramsPage(loadConfig('.')));
