import type { Bench } from '../bench';
import { type Figure, type Measurement, overRounds } from '../figures';
import { SERVERS, type ServerName } from '../servers';
import { environmentOf } from '../settings';

const COMPARED = ['ours', 'fastapi', 'fastapi-threads', 'express'] as const satisfies readonly ServerName[];
export const CLOSED_LOOP_CONNECTIONS = 500;

/** No request runs out of time in a closed loop of 500: each is answered by the model, so that each costs a run. */
export const NO_DEADLINE = environmentOf({ deadlineMs: 60_000 });

/**
 * Processor time per request answered by 200 (utime + stime of the process and its threads, refusals included) at 500 connections in a closed loop; the
 * servers in turn, so that a slow minute of the machine meets them all.
 */
export async function measureProcessorTime(bench: Bench): Promise<Measurement> {
  const connections = bench.connections(CLOSED_LOOP_CONNECTIONS);
  const rounds = new Map(
    COMPARED.map((name) => [name, { cpu: [] as number[], rate: [] as number[], refused: [] as number[] }]),
  );
  for (let round = 0; round < bench.rounds; round++) {
    for (const [name, { cpu, rate, refused }] of rounds) {
      const measured = await bench.withServer({ name, environment: NO_DEADLINE }, (server) =>
        bench.load(server, { rate: 'closed', connections, seconds: 6 }),
      );
      cpu.push(measured.cpu);
      refused.push((measured.refused.count / measured.intended) * 100);
      rate.push(measured.completed / measured.seconds);
      bench.log(`    ${name}: ${measured.cpu.toFixed(0)} µs, ${rate.at(-1)?.toFixed(0)} requests/s`);
    }
  }
  const figures = [...rounds].flatMap(([name, { cpu, rate, refused }]): Figure[] => [
    { id: `cpu.${name}`, title: SERVERS[name], unit: 'µs', ...overRounds(cpu), better: 'lower' },
    { id: `cpu.${name}.rate`, title: `${SERVERS[name]}: throughput`, unit: 'requests/s', ...overRounds(rate) },
    ...(Math.max(...refused) > 0
      ? [{ id: `cpu.${name}.refused`, title: `${SERVERS[name]}: refused`, unit: '%', ...overRounds(refused) }]
      : []),
  ]);
  return { figures };
}
