import { ConfigError } from '../errors';
import { LATENCY_BUCKETS_MS, LatencyBudget, type LatencyBudgetProps } from './latency-budget';

export interface ServiceLevelObjectiveProps {
  /**
   * Share of requests answered without a server error over the window, in percent.
   * @default 99.9
   */
  readonly availabilityPercent?: number;
  /**
   * Latency that 99 % of answers must stay under, in milliseconds. One of {@link LATENCY_BUCKETS_MS}, so that the
   * histogram the server exports can prove it.
   * @default 100
   */
  readonly latencyP99Ms?: number;
  /**
   * How that latency is spent on the way.
   * @default - by the shares of `LatencyBudgetProps`
   */
  readonly latency?: LatencyBudgetProps;
  /**
   * Window the objective is kept over, in days.
   * @default 30
   */
  readonly windowDays?: number;
}

/** A multi-window burn-rate alert. Source of the factors: Google, "The Site Reliability Workbook" (2018), chapter 5. */
export interface BurnRateAlert {
  readonly severity: 'page' | 'ticket';
  readonly longWindow: string;
  readonly shortWindow: string;
  /** How many times faster than allowed the error budget burns. */
  readonly factor: number;
}

/** What the service promises. Alerts, dashboards and gates derive their numbers from it. */
export class ServiceLevelObjective {
  readonly availabilityPercent: number;
  readonly latencyP99Ms: number;
  readonly latency: LatencyBudget;
  readonly windowDays: number;

  constructor(props: ServiceLevelObjectiveProps = {}) {
    this.availabilityPercent = props.availabilityPercent ?? 99.9;
    this.latencyP99Ms = props.latencyP99Ms ?? 100;
    this.windowDays = props.windowDays ?? 30;
    if (!(this.availabilityPercent >= 90 && this.availabilityPercent < 100)) {
      throw new ConfigError(
        `slo.availabilityPercent is ${this.availabilityPercent}; allowed is 90 up to, but not including, 100. 100 leaves no error budget to alert on.`,
      );
    }
    if (!LATENCY_BUCKETS_MS.some((bucket) => bucket === this.latencyP99Ms)) {
      throw new ConfigError(
        `slo.latencyP99Ms is ${this.latencyP99Ms}; allowed are the histogram's buckets: ${LATENCY_BUCKETS_MS.join(', ')}.`,
      );
    }
    if (!(Number.isInteger(this.windowDays) && this.windowDays >= 7 && this.windowDays <= 90)) {
      throw new ConfigError(`slo.windowDays is ${this.windowDays}; allowed are whole days from 7 to 90.`);
    }
    this.latency = new LatencyBudget(this.latencyP99Ms, props.latency);
  }

  /** Share of requests that may fail in the window, 0–1. */
  get errorBudget(): number {
    // Rounded, because 1 - 99.9/100 is 0.0010000000000000009 in floating point and ends up in alert rules.
    return Number((1 - this.availabilityPercent / 100).toFixed(6));
  }

  /** Minutes of full outage that the window allows. */
  get errorBudgetMinutes(): number {
    return this.errorBudget * this.windowDays * 24 * 60;
  }

  get burnRateAlerts(): readonly BurnRateAlert[] {
    return [
      { severity: 'page', longWindow: '1h', shortWindow: '5m', factor: 14.4 },
      { severity: 'page', longWindow: '6h', shortWindow: '30m', factor: 6 },
      { severity: 'ticket', longWindow: '3d', shortWindow: '6h', factor: 1 },
    ];
  }
}
