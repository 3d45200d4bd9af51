import { writeFileSync } from 'node:fs';
import { pricesPage } from './price-docs';

// Run at the root of the repository by `npm run docs`.
writeFileSync('docs/prices.md', pricesPage());
