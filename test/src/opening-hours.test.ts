import { OpeningHours, type OpeningHoursProps } from '../../src';

const hours = (props: Partial<OpeningHoursProps> = {}) =>
  new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22, ...props });

test('are on weekdays, and nobody is there out of hours, unless told otherwise', () => {
  expect(hours()).toMatchObject({ days: ['MON', 'FRI'], replicasWhenClosed: 0 });
});

test.each([
  [{}, (16 * 5) / 168],
  [{ days: ['MON', 'SUN'] as const }, (16 * 7) / 168],
  [{ fromHour: 8, toHour: 9, days: ['SAT', 'SAT'] as const }, 1 / 168],
])('%j are a share of the week', (props, share) => {
  expect(hours(props).openShare).toBeCloseTo(share, 10);
});

test.each([
  [{ timezone: 'Berlin' }, 'openingHours.timezone is Berlin; it must be a name such as Europe/Berlin or UTC.'],
  [{ fromHour: 22, toHour: 6 }, 'openingHours are from 22 to 6; they must be whole hours, 0 to 23, the first before'],
  [{ toHour: 24 }, 'openingHours are from 6 to 24; they must be whole hours'],
  [{ fromHour: 6.5 }, 'openingHours are from 6.5 to 22; they must be whole hours'],
  [{ days: ['SAT', 'MON'] as const }, 'openingHours.days are SAT to MON; the first must not come after the last.'],
  [{ replicasWhenClosed: -1 }, 'openingHours.replicasWhenClosed is -1; it must be a whole number from 0.'],
])('fails with %j', (props, message) => {
  expect(() => hours(props)).toThrow(message);
});
