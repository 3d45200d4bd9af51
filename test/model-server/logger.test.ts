import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLogger } from '../../model-server/src/logger';
import { Workbench } from './fixtures';

const LOGGER = join(__dirname, '../../model-server/dist/logger.js');
const bench = new Workbench();
afterAll(() => bench.cleanUp());

test('lines that nobody reads are dropped and counted beyond 4 MiB, and all others arrive', async () => {
  const pipe = join(await bench.directory(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  // For both, so that neither end waits for the other to be opened.
  const descriptor = openSync(pipe, 'r+');
  let dropped = 0;
  const logger = createLogger({ level: 'info', descriptor, onDrop: (lines) => (dropped += lines) });
  const LINES = 10_000;
  for (let i = 0; i < LINES; i++) logger.info({ i, text: 'x'.repeat(1000) }, 'a line');
  expect(dropped).toBeGreaterThan(LINES / 2);

  const read: number[] = [];
  let bytes = 0;
  const input = createReadStream(pipe);
  const closed = once(input, 'close');
  for await (const line of createInterface({ input })) {
    read.push(JSON.parse(line).i);
    bytes += line.length + 1;
    if (read.length === LINES - dropped) break;
  }
  input.destroy();
  // Ends the read that waits for more.
  writeSync(descriptor, '\n');
  await closed;
  expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
  expect(read).toHaveLength(LINES - dropped);
  // All but what the last chunk would have been too long for.
  expect(bytes).toBeGreaterThan(4_194_304 - 16_384);
});

test.each([
  ['the process exits', 100, 'process.exit(3)'],
  ['there is nothing more to do', 100, ''],
  ['there is nothing more to do, however long they are', 30_000, ''],
  ['an entry is fatal', 100, "logger.fatal('last'); process.kill(process.pid, 'SIGKILL')"],
])('all lines are written when %s', (_when, length, end) => {
  const program = `
    const logger = require(${JSON.stringify(LOGGER)}).createLogger({ level: 'info' });
    for (let i = 0; i < 3; i++) logger.info({ text: 'ü'.repeat(i * ${length}) }, 'a line');
    ${end}`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  const texts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).text);
  expect(texts.slice(0, 3)).toEqual(['', 'ü'.repeat(length), 'ü'.repeat(2 * length)]);
});
