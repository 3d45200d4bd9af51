import * as units from '@grafana/grafana-foundation-sdk/units';
import { SERVER_LABELS, SERVER_METRICS } from '../../../src';
import { type Dashboard, dashboard } from './dashboard';
import { figure, graph } from './panels';
import { perSecond, quantile, select, shares } from './queries';

const { modelInfo, modelSince, modelLoads, modelWarmUp, modelCacheLookups, runDuration } = SERVER_METRICS;
const { modelVersion, algorithm, rung, reason, result } = SERVER_LABELS;

/** Which model versions answer, how well, and how they come. */
export function modelDashboard(): Dashboard {
  return dashboard({
    name: 'model',
    title: 'Model',
    description: 'Which model versions answer, how fast and how well, and how they come.',
    rows: [
      { title: 'Versions', panels: [age(), warmUp(), replicas(), answers()] },
      { title: 'Answers', panels: [rungs(), reasons(), runs()] },
      { title: 'Loading and caches', panels: [loads(), versionCache(), resultCache()] },
    ],
  });
}

function age() {
  return figure({
    title: 'Serving for',
    description: 'Time since the newest version of any replica began to answer.',
    unit: units.Seconds,
    queries: [{ expr: `time() - max(${modelSince})`, legend: 'age' }],
  });
}

function warmUp() {
  return figure({
    title: 'Warm-up p99',
    description: 'Of the runs by which the version was tried before it was let at requests, on the slowest replica.',
    unit: units.Seconds,
    queries: [{ expr: `max(${modelWarmUp})`, legend: 'p99' }],
  });
}

function replicas() {
  return graph({
    title: 'Replicas by version',
    description: 'Two for longer than a rollout takes: some replicas do not get the new one.',
    unit: units.Short,
    queries: [
      {
        expr: `count by (${modelVersion}, ${algorithm}) (${modelInfo})`,
        legend: `{{${modelVersion}}} {{${algorithm}}}`,
      },
    ],
    stacked: true,
  });
}

function answers() {
  return graph({
    title: 'Answers a second, by version',
    description: 'Who answers while versions change.',
    unit: units.OpsPerSecond,
    queries: [{ expr: perSecond(SERVER_METRICS.recommendations, modelVersion), legend: `{{${modelVersion}}}` }],
    stacked: true,
  });
}

function rungs() {
  return graph({
    title: 'Personal answers, by version',
    description: "Share of the answers of a version that come from the customer's own history.",
    unit: units.PercentUnit,
    queries: [
      {
        expr: `${perSecond(select(SERVER_METRICS.recommendations, `${rung}="personal"`), modelVersion)} / ${perSecond(SERVER_METRICS.recommendations, modelVersion)}`,
        legend: `{{${modelVersion}}}`,
      },
    ],
    max: 1,
  });
}

function reasons() {
  return graph({
    title: 'Lower rungs than asked for, by reason',
    description: 'Of unknown-user and no-known-items the customers are the reason; the others are faults of ours.',
    unit: units.OpsPerSecond,
    queries: [{ expr: perSecond(SERVER_METRICS.fallbacks, reason), legend: `{{${reason}}}` }],
    stacked: true,
  });
}

function runs() {
  return graph({
    title: 'Model runs',
    description: 'How long one takes, without the time in the queue.',
    unit: units.Seconds,
    queries: [0.5, 0.99].map((share) => ({ expr: quantile(share, runDuration), legend: `p${share * 100}` })),
  });
}

function loads() {
  return graph({
    title: 'Loads, by result',
    description: 'In the last hour. refused: not readable, damaged, too slow or of another signature.',
    unit: units.Short,
    queries: [{ expr: `sum by (${result}) (increase(${modelLoads}[1h]))`, legend: `{{${result}}}` }],
  });
}

function versionCache() {
  return graph({
    title: 'Versions looked up on the disk',
    description: 'In the last hour. A miss is fetched from the store; corrupt ones are, too.',
    unit: units.Short,
    queries: [{ expr: `sum by (${result}) (increase(${modelCacheLookups}[1h]))`, legend: `{{${result}}}` }],
  });
}

function resultCache() {
  return graph({
    title: 'Result cache',
    description: "Shares of the lookups: hit, miss, and shared, which waited for another request's run.",
    unit: units.PercentUnit,
    queries: [{ expr: shares(SERVER_METRICS.resultCacheLookups, result), legend: `{{${result}}}` }],
    stacked: true,
    max: 1,
  });
}
