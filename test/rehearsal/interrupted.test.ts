import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRecommender } from '../cli/recommender';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interrupted-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('stops a rehearsal at Ctrl-C, which npx sends twice, and leaves nothing behind', async () => {
  const rehearsal = startRecommender(['rehearse', 'aws-prod'], { env: { TMPDIR: folder } });
  let errors = '';
  let again: NodeJS.Timeout | undefined;
  rehearsal.stderr?.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk;
    if (!errors.includes('Rehearsing aws-prod') || rehearsal.killed) return;
    rehearsal.kill('SIGINT');
    // Until it ends, so that the second one isn't merged with the first.
    again = setInterval(() => rehearsal.kill('SIGINT'), 50);
  });
  const [exitCode, signal] = await once(rehearsal, 'close');
  clearInterval(again);
  expect({ exitCode, signal, errors }).toEqual({
    exitCode: 130,
    signal: null,
    errors: expect.stringContaining('Everything that was started is stopped.'),
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('recommender-'))).toEqual([]);
});
