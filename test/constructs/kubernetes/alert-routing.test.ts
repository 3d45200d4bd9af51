import { parse } from 'yaml';
import { AlertReceiver, AlertRouting, ObservabilityStack } from '../../../constructs/kubernetes';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from './fixtures';

const receivers = { page: [AlertReceiver.pagerDuty()], ticket: [AlertReceiver.slack({ channel: '#shop' })] };
// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
const alertmanager = (alerts?: AlertRouting): any => {
  const stack = inCluster((stack, namespace) => {
    const slo = new ServiceLevelObjective();
    new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: modelServer(stack, namespace),
      slo,
      alerts,
    });
  });
  const [values] = stack.resource('helm_release').values as string[];
  return parse(values as string, { version: '1.1' }).alertmanager;
};

test('receivers read their keys from files of a Secret, which is mounted', () => {
  const { config, alertmanagerSpec } = alertmanager(new AlertRouting(receivers));
  expect(alertmanagerSpec.secrets).toEqual(['alert-receivers']);
  expect(config.receivers).toEqual([
    { name: 'nobody' },
    {
      name: 'page',
      pagerduty_configs: [
        {
          send_resolved: true,
          routing_key_file: '/etc/alertmanager/secrets/alert-receivers/pagerduty-routing-key',
        },
      ],
    },
    {
      name: 'ticket',
      slack_configs: [
        {
          send_resolved: true,
          api_url_file: '/etc/alertmanager/secrets/alert-receivers/slack-webhook-url',
          channel: '#shop',
        },
      ],
    },
  ]);
});

test('two receivers of one kind are both told', () => {
  const ticket = [AlertReceiver.slack({ channel: '#a' }), AlertReceiver.slack({ channel: '#b', key: 'other' })];
  const { config } = alertmanager(new AlertRouting({ ...receivers, ticket, secretName: 'keys' }));
  expect(config.receivers[2].slack_configs).toMatchObject([
    { channel: '#a', api_url_file: '/etc/alertmanager/secrets/keys/slack-webhook-url' },
    { channel: '#b', api_url_file: '/etc/alertmanager/secrets/keys/other' },
  ]);
});

test.each([
  [undefined, ['monday:friday', '09:00', '17:00', 'UTC']],
  [
    { weekdays: 'sunday:thursday', from: '08:00', to: '16:30', timezone: 'Asia/Dubai' },
    ['sunday:thursday', '08:00', '16:30', 'Asia/Dubai'],
  ],
])('tickets are sent in working hours, pages at any time', (workingHours, [weekdays, from, to, location]) => {
  const { config } = alertmanager(new AlertRouting({ ...receivers, workingHours }));
  expect(config.time_intervals).toEqual([
    {
      name: 'working-hours',
      time_intervals: [{ weekdays: [weekdays], times: [{ start_time: from, end_time: to }], location }],
    },
  ]);
  const [, page, ticket] = config.route.routes;
  expect(page).not.toHaveProperty('active_time_intervals');
  expect(ticket).toMatchObject({ receiver: 'ticket', active_time_intervals: ['working-hours'] });
});

test('without routing Alertmanager keeps the configuration of its chart', () => {
  expect(alertmanager()).not.toHaveProperty('config');
  expect(alertmanager().alertmanagerSpec).not.toHaveProperty('secrets');
  expect(alertmanager().alertmanagerSpec).toHaveProperty('resources');
});

test.each(['page', 'ticket'])('fails when nobody is told of a %s', (severity) => {
  expect(() => new AlertRouting({ ...receivers, [severity]: [] })).toThrow(
    `alerts.${severity} is empty; name at least one AlertReceiver`,
  );
});

test.each([
  ['9:00', '17:00'],
  ['17:00', '09:00'],
  ['09:00', '25:00'],
])('fails when working hours are %s to %s', (from, to) => {
  expect(() => new AlertRouting({ ...receivers, workingHours: { from, to } })).toThrow(
    `alerts.workingHours is ${from} to ${to}; allowed are times such as 09:00 to 17:00.`,
  );
});

test.each([
  [{ weekdays: 'mon-fri' }, 'alerts.workingHours.weekdays is mon-fri; allowed is a day or a range: monday:friday.'],
  [{ timezone: 'Berlin' }, 'alerts.workingHours.timezone is Berlin; allowed is UTC or a name of the IANA database'],
])('fails with %j', (workingHours, message) => {
  expect(() => new AlertRouting({ ...receivers, workingHours })).toThrow(message);
});
