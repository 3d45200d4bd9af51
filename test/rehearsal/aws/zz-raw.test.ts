import { writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rehearse } from '@cdktf-recommender/rehearsal';
import { AREA } from './area';
const names = readdirSync(join(__dirname, 'areas')).filter((f) => !f.endsWith('.roles.ts') && f.endsWith('.ts')).map((f) => f.slice(0, -3)).filter((n) => n !== 'migration-phases')
  .filter((n) => !process.env.ONLY || process.env.ONLY.split(',').includes(n));
test.each(names)('%s', async (name) => {
  const env = (protection: boolean) => ({ [AREA]: JSON.stringify({ name, engine: 'real', protection }) });
  const result = await rehearse({ project: join(__dirname, 'app'), stack: name, aws: 'real', environment: env(true), unprotectedEnvironment: env(false) });
  writeFileSync(`/tmp/raw/${name}.json`, JSON.stringify(result.calls, null, 1));
  expect(result.steps.filter(({ ok }) => !ok)).toEqual([]);
}, 900_000);
