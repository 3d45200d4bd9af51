import { ConfigError } from '../errors';

export interface TrafficModelProps {
  /**
   * How far ahead traffic is forecast, in minutes: the time it takes to get more capacity.
   * @default 30
   */
  readonly forecastMinutes?: number;
  /**
   * How far traffic may be from what is usual at that time of the day before somebody looks, in robust standard deviations.
   * @default 6
   */
  readonly anomalyDeviations?: number;
}

/** What is known of traffic beforehand: it repeats itself by day and by week. */
export class TrafficModel {
  readonly forecastMinutes: number;
  readonly anomalyDeviations: number;

  constructor(props: TrafficModelProps = {}) {
    this.forecastMinutes = props.forecastMinutes ?? 30;
    this.anomalyDeviations = props.anomalyDeviations ?? 6;
    if (!(Number.isInteger(this.forecastMinutes) && this.forecastMinutes >= 5 && this.forecastMinutes <= 240)) {
      throw new ConfigError(
        `traffic.forecastMinutes is ${this.forecastMinutes}; allowed are whole minutes from 5 to 240.`,
      );
    }
    if (!(this.anomalyDeviations >= 3 && Number.isFinite(this.anomalyDeviations))) {
      throw new ConfigError(
        `traffic.anomalyDeviations is ${this.anomalyDeviations}; allowed is a number from 3: below, noise alone would do.`,
      );
    }
  }
}
