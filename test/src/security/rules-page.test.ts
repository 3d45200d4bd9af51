import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECURITY_RULES } from '../../../src/security/rules';
import { securityRulesPage } from '../../../src/security/rules-page';

test('the page lists the rules; `npm run docs` writes it', () => {
  expect(readFileSync(join(__dirname, '../../../docs/security-rules.md'), 'utf8')).toBe(securityRulesPage());
  expect(securityRulesPage().match(/^\| \[/gm)).toHaveLength(SECURITY_RULES.length);
});

test('what is read before the tables has at most 80 lines', () => {
  expect(securityRulesPage().split('\n## AWS: storage')[0]?.split('\n').length).toBeLessThanOrEqual(80);
});
