import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type PrometheusServer, startPrometheus } from '@cdktf-recommender/rehearsal';
import { serviceDashboard } from '../../constructs/kubernetes/dashboards/service-dashboard';
import { sloRules } from '../../constructs/kubernetes/slo-rules';
import { CapacityPlan, ServiceLevelObjective } from '../../src';
import { ServerProcess } from '../reliability/server-process';
import { smallStore } from '../reliability/small-store';
import { ROOT } from '../repository';
import { type AnsweredPanel, type AnsweredRow, drawDashboard } from './draw';

/*
 * Draws docs/dashboards/service.svg: the panels of the dashboard with what a real Prometheus answers to their queries,
 * after it scraped a real model server under a load that rises and falls. `node dist/bench/dashboards/main.js`
 */

const SECONDS = 150;
const TICK_MS = 50;
const slo = new ServiceLevelObjective();
const capacity = new CapacityPlan();

/** Requests a second: a wave, and a peak on it. */
const rateAt = (second: number) =>
  120 + 60 * Math.sin((2 * Math.PI * second) / 60) + (second > 90 && second < 115 ? 400 : 0);

async function visit(url: string, items: readonly string[]): Promise<void> {
  const begun = Date.now();
  const under: Promise<unknown>[] = [];
  const send = (path: string, init?: RequestInit) =>
    under.push(fetch(`${url}${path}`, init).then((answer) => answer.text()));
  const json = (body: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  for (let visits = 0, second = 0; second < SECONDS; second = (Date.now() - begun) / 1000) {
    for (let due = (rateAt(second) * TICK_MS) / 1000; due >= 1; due--, visits++) {
      const item = items[(visits * 7) % items.length];
      const customer = `user-${visits % 251}`;
      if (visits % 10 === 0)
        send('/v1/events', json({ events: [{ id: `${visits}`, user: customer, item, type: 'purchase' }] }));
      else if (visits % 100 === 1) send(`/v1/users/${customer}/recommendations?limit=none`);
      else if (visits % 3 === 0) send('/v1/recommendations', json({ items: [item] }));
      else send(`/v1/users/${customer}/recommendations`);
    }
    await pause(TICK_MS);
  }
  await Promise.all(under);
}

interface PanelJson {
  readonly type: 'row' | AnsweredPanel['kind'];
  readonly title: string;
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit: string;
      readonly max?: number;
      readonly thresholds: { readonly steps: readonly { readonly value: number | null }[] };
      readonly custom?: { readonly stacking?: { readonly mode: string } };
    };
  };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

async function answersOf(prometheus: PrometheusServer, from: number): Promise<AnsweredRow[]> {
  const rows: { title: string; panels: AnsweredPanel[] }[] = [];
  for (const panel of JSON.parse(serviceDashboard({ slo, capacity }).json).panels as PanelJson[]) {
    if (panel.type === 'row') {
      rows.push({ title: panel.title, panels: [] });
      continue;
    }
    const { unit, max, thresholds, custom } = panel.fieldConfig.defaults;
    const series = await Promise.all(panel.targets.map((target) => ask(prometheus, target, from)));
    rows.at(-1)?.panels.push({
      title: panel.title,
      kind: panel.type,
      unit,
      max,
      limit: thresholds.steps[1]?.value ?? undefined,
      stacked: custom?.stacking !== undefined,
      series: series.flat(),
    });
  }
  return rows;
}

interface Matrix {
  readonly result: readonly { readonly metric: Record<string, string>; readonly values: readonly [number, string][] }[];
}

async function ask(prometheus: PrometheusServer, target: PanelJson['targets'][number], from: number) {
  const query = encodeURIComponent(target.expr.replaceAll('$__rate_interval', '8s'));
  const times = `start=${from}&end=${from + SECONDS}&step=1`;
  const { result } = (await prometheus.api(`/api/v1/query_range?query=${query}&${times}`)) as Matrix;
  return result.map(({ metric, values }) => ({
    name: target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
    points: values
      .map(([seconds, value]) => [seconds * 1000, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value)),
  }));
}

async function main(): Promise<void> {
  const store = await smallStore({ versions: 1 });
  const server = await ServerProcess.start({ ...store, environment: { RECOMMENDER_RESULT_CACHE: 'memory' } });
  const prometheus = await startPrometheus({
    config: {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: [{ job_name: 'model-server', static_configs: [{ targets: [new URL(server.url).host] }] }],
    },
    groups: sloRules(slo, (alert) => alert).map((group) => ({ ...group, interval: '1s' })),
    onProgress: console.log,
  });
  try {
    const from = Date.now() / 1000;
    await visit(server.url, store.items);
    const folder = join(ROOT, 'docs/dashboards');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'service.svg'),
      drawDashboard('The dashboard of the service', await answersOf(prometheus, from)),
    );
  } finally {
    await prometheus.stop();
    await server.stop();
    await store.remove();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
