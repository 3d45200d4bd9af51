import { TrafficModel } from '../../src';

test('traffic is forecast half an hour ahead, and six deviations are unusual', () => {
  expect(new TrafficModel()).toEqual({ forecastMinutes: 30, anomalyDeviations: 6 });
});

test.each([
  [{ forecastMinutes: 4 }, 'traffic.forecastMinutes is 4; allowed are whole minutes from 5 to 240.'],
  [{ forecastMinutes: 7.5 }, 'traffic.forecastMinutes is 7.5; allowed are whole minutes from 5 to 240.'],
  [{ anomalyDeviations: 2 }, 'traffic.anomalyDeviations is 2; allowed is a number from 3'],
  [{ anomalyDeviations: Number.NaN }, 'traffic.anomalyDeviations is NaN; allowed is a number from 3'],
])('fails with %j', (props, message) => {
  expect(() => new TrafficModel(props)).toThrow(message);
});
