import * as units from '@grafana/grafana-foundation-sdk/units';
import { SERVER_LABELS, SERVER_METRICS } from '../../../src';
import { type Dashboard, dashboard } from './dashboard';
import { figure, graph } from './panels';
import { perSecond, select, shares } from './queries';

const { recommendations, fallbacks, events } = SERVER_METRICS;
const { rung, reason, result } = SERVER_LABELS;

/**
 * What customers got. Only what the server counts: it knows what it recommended and what shops told it, not what was
 * earned by it.
 */
export function businessDashboard(): Dashboard {
  return dashboard({
    name: 'business',
    title: 'Business',
    description:
      'What customers got: how many recommendations, how many of them personal, and what is learned of them.',
    rows: [
      { title: 'Today', panels: [today(), personal(), unknown(), heard()] },
      { title: 'Over time', panels: [answers(), kinds(), purchases()] },
    ],
  });
}

function today() {
  return figure({
    title: 'Answers in 24 hours',
    description: 'Requests that got recommendations.',
    unit: units.Short,
    queries: [{ expr: `sum(increase(${recommendations}[1d]))`, legend: 'answers' }],
  });
}

function personal() {
  return figure({
    title: 'Personal',
    description: "Share of the answers of 24 hours that come from the customer's own history.",
    unit: units.PercentUnit,
    queries: [
      {
        expr: `sum(increase(${select(recommendations, `${rung}="personal"`)}[1d])) / sum(increase(${recommendations}[1d]))`,
        legend: 'personal',
      },
    ],
  });
}

function unknown() {
  return figure({
    title: 'Unknown customers',
    description: 'Share of the answers of 24 hours for customers of whom nothing is known.',
    unit: units.PercentUnit,
    queries: [
      {
        expr: `sum(increase(${select(fallbacks, `${reason}="unknown-user"`)}[1d])) / sum(increase(${recommendations}[1d]))`,
        legend: 'unknown',
      },
    ],
  });
}

function heard() {
  return figure({
    title: 'Events in 24 hours',
    description: 'Purchases, views and the like that were told of, without repetitions.',
    unit: units.Short,
    queries: [{ expr: `sum(increase(${select(events, `${result}="accepted"`)}[1d]))`, legend: 'events' }],
  });
}

function answers() {
  return graph({
    title: 'Answers a second',
    description: 'By where they come from, best first: personal, session, popular, static.',
    unit: units.OpsPerSecond,
    queries: [{ expr: perSecond(recommendations, rung), legend: `{{${rung}}}` }],
    stacked: true,
  });
}

function kinds() {
  return graph({
    title: 'Shares',
    description: 'Fewer personal ones than usual: histories are missing, or many new customers came.',
    unit: units.PercentUnit,
    queries: [{ expr: shares(recommendations, rung), legend: `{{${rung}}}` }],
    stacked: true,
    max: 1,
  });
}

function purchases() {
  return graph({
    title: 'Events a second',
    description: 'What shops tell of. None at all: nothing is learned of customers any more.',
    unit: units.OpsPerSecond,
    queries: [{ expr: perSecond(events, result), legend: `{{${result}}}` }],
    stacked: true,
  });
}
