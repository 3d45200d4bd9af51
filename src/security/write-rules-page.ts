import { writeFileSync } from 'node:fs';
import { securityRulesPage } from './rules-page';

// Run at the root of the repository by `npm run docs`.
writeFileSync('docs/security-rules.md', securityRulesPage());
