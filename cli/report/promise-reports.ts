import { CapacityPlan, type Config, type ServiceLevelObjective } from '../../src';
import { availabilityReport } from '../../src/availability/availability-report';
import { capacityReport } from '../../src/capacity/capacity-report';
import { SecurityGuard } from '../../src/guards/security-guard';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import type { SynthesizedGroup } from './gather';
import type { Report } from './report';

/** How long each stack answers, by what its parts' makers promise. */
export function availabilityPage(
  groups: readonly SynthesizedGroup[],
  config: Config,
  slo: ServiceLevelObjective,
): Report {
  const capacity = new CapacityPlan(config.capacity);
  const reports = groups.map(({ name, stacks }) => ({ name, report: availabilityReport(stacks, { slo, capacity }) }));
  const all = reports.flatMap(({ report }) => report.stacks);
  return {
    name: 'availability',
    title: 'How long it answers',
    summary: [
      ...all.map(
        ({ stack, percent, minutesAMonth, parts }) =>
          `${stack}: ${percent.toFixed(3)} %, ${minutesAMonth.toFixed(1)} minutes a month without an answer; the weakest link is ${parts[0]?.name ?? 'not known'}.`,
      ),
      ...reports.flatMap(({ name, report: { together } }) =>
        together ? [`${name}, if callers go to the other cloud: ${together.percent.toFixed(5)} %.`] : [],
      ),
    ],
    figures: all.map(({ stack, percent }) => ({
      id: `availability.${stack}`,
      title: `${stack} answers`,
      value: Number(percent.toFixed(5)),
      unit: '%',
      limit: slo.availabilityPercent,
      better: 'higher',
    })),
    tables: all.map(({ stack, parts }) => ({
      title: `${stack}: what a request passes`,
      head: ['part', 'minutes a month', 'construct'],
      rows: parts.map(({ name, minutesAMonth, path }) => [name, Number(minutesAMonth.toFixed(2)), path]),
    })),
    charts: [],
  };
}

/** Where the time of an answer goes. */
export function latencyPage({ latency, latencyP99Ms }: ServiceLevelObjective): Report {
  const parts = Object.entries(latency.parts);
  const sum = parts.reduce((total, [, ms]) => total + ms, 0);
  return {
    name: 'latency',
    title: 'Where the time goes',
    summary: [`The parts' budgets come to ${sum} ms of the ${latencyP99Ms} ms that 99 % of answers stay under.`],
    figures: [
      { id: 'latency.sum', title: 'Sum of the parts', value: sum, unit: 'ms', limit: latencyP99Ms, better: 'lower' },
    ],
    tables: [{ title: 'Parts', head: ['part', 'ms'], rows: parts }],
    charts: [
      {
        title: 'The budget of an answer',
        unit: 'ms',
        categories: ['p99'],
        series: parts.map(([name, ms]) => ({ name, values: [ms] })),
        limit: latencyP99Ms,
      },
    ],
  };
}

/** How the clusters bear the peak. */
export function capacityPage(stacks: readonly SynthesizedStack[], config: Config): Report {
  const plan = new CapacityPlan(config.capacity);
  const reports = stacks.flatMap((stack) => capacityReport(stack, plan) ?? []);
  return {
    name: 'capacity',
    title: 'What it bears',
    summary: reports.map(
      ({ stack, requestsPerSecond, replicas, nodes }) =>
        `${stack}: ${requestsPerSecond.toLocaleString('en')} requests a second at the peak want ${replicas.planned} replicas; ${nodes.most} nodes hold ${replicas.held}, and ${replicas.most} is the most there can be.`,
    ),
    figures: reports.map(({ stack, replicas }) => ({
      id: `capacity.${stack}.held`,
      title: `Replicas that ${stack} holds`,
      value: replicas.held,
      unit: '',
      limit: replicas.most,
      better: 'higher',
    })),
    tables: [
      {
        title: 'Clusters',
        head: ['stack', 'planned', 'held', 'most', 'a zone lost', 'nodes'],
        rows: reports.map(({ stack, replicas, nodes }) => [
          stack,
          replicas.planned,
          replicas.held,
          replicas.most,
          replicas.heldWithoutZone,
          nodes.most,
        ]),
      },
    ].filter(({ rows }) => rows.length > 0),
    charts: [],
  };
}

/** How the stacks keep the rules of security. */
export function securityPage(stacks: readonly SynthesizedStack[], { suppressions }: Config['security']): Report {
  const { violations, suppressed, past } = new SecurityGuard({ suppressions }).report(stacks);
  return {
    name: 'security',
    title: 'What breaks a rule of security',
    summary: [
      `${violations.length} findings, ${suppressed.length} suppressed.`,
      ...(past.length > 0 ? [`Of the suppressions, ${past.length} ended and suppress nothing any more.`] : []),
    ],
    figures: [
      { id: 'security.findings', title: 'Findings', value: violations.length, unit: '', limit: 0, better: 'lower' },
      {
        id: 'security.suppressions.ended',
        title: 'Suppressions that ended',
        value: past.length,
        unit: '',
        limit: 0,
        better: 'lower',
      },
    ],
    tables: [
      {
        title: 'Findings',
        head: ['rule', 'severity', 'construct', 'problem'],
        rows: violations.map(({ rule, severity, path, problem }) => [rule, severity, path, problem]),
      },
      {
        title: 'Suppressed',
        head: ['rule', 'construct', 'reason', 'until'],
        rows: suppressed.map(({ violation: { rule, path }, suppression: { reason, until } }) => [
          rule,
          path,
          reason,
          until,
        ]),
      },
      {
        title: 'Suppressions that ended',
        head: ['rule', 'path', 'reason', 'until'],
        rows: past.map(({ rule, path, reason, until }) => [rule, path, reason, until]),
      },
    ].filter(({ rows }) => rows.length > 0),
    charts: [],
  };
}
