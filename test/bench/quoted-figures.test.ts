import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchRun, figuresOf, readHistory } from '../../bench/history';

const ROOT = join(__dirname, '../..');
const last = readHistory(join(ROOT, 'docs/results/benchmark.jsonl')).at(-1) as BenchRun;

const figure = (id: string) => {
  const found = figuresOf(last).find((one) => one.id === id);
  if (!found) throw new Error(`the last run of the benchmark has no figure ${id}`);
  return found.value;
};
const rounded = (id: string, digits = 0) =>
  figure(id).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

test.each([
  [
    'README.md',
    `bears ${rounded('capacity.ours')} requests a second at 10,000 connections with a p99 of ${rounded('capacity.ours.p99')} ms, ${rounded('capacity.over-fastapi', 1)} times what FastAPI bears and ${rounded('capacity.over-express', 1)} times plain Express`,
  ],
  ['docs/performance.md', `| an answer by the model | ${rounded('cpu.ours')} |`],
  ['docs/performance.md', `| plain Express, a model run for each request | ${rounded('cpu.express')} |`],
  ['docs/performance.md', `| FastAPI with onnxruntime | ${rounded('cpu.fastapi')} |`],
  ['docs/performance.md', `| added by logs to a file and 1 % of traces | ${rounded('observability.cpu')} |`],
  [
    'docs/performance.md',
    `one core bears ${rounded('capacity.ours.real')} requests a second instead of ${rounded('capacity.ours')}, with p99 ${rounded('capacity.ours.real.p99')} ms instead of ${rounded('capacity.ours.p99')}.`,
  ],
  ['docs/performance.md', `(\`resultCache\`): ${rounded('result-cache.gain', 1)} times the throughput`],
  ['docs/performance.md', `Two workers cost ${rounded('cluster.cpu-ratio', 2)} times the processor time`],
  ['docs/performance.md', `logs and traces together take ${rounded('observability.cost')} % of it`],
  [
    'docs/performance.md',
    `it is ${rounded('batching.gain', 1)} times the throughput at 100 connections, and costs nothing at one (${rounded('lone-client.ratio', 2)} times the p50)`,
  ],
])('%s tells a figure of the last run of the benchmark: %s', (file, quote) => {
  expect(readFileSync(join(ROOT, file), 'utf8').replace(/\s+/g, ' ')).toContain(quote);
});
