import type { CodedeployDeploymentConfigTrafficRoutingConfig } from '@cdktf/provider-aws/lib/codedeploy-deployment-config';
import { ConfigError } from '../../../src';

/** How requests go over to a new version. */
export class TrafficShift {
  /**
   * A share of them at first, the rest when nothing rang for a while.
   *
   * @param options.percent 1 to 99; 10 by default
   * @param options.minutes until the rest follows, 1 to 2,880; 10 by default
   */
  static canary({ percent = 10, minutes = 10 } = {}): TrafficShift {
    check('TrafficShift.canary', percent, minutes);
    return new TrafficShift({
      type: 'TimeBasedCanary',
      timeBasedCanary: { percentage: percent, interval: minutes },
    });
  }

  /**
   * As many more each time.
   *
   * @param options.percent 1 to 99; 10 by default
   * @param options.minutes between two steps, 1 to 2,880; 3 by default
   */
  static linear({ percent = 10, minutes = 3 } = {}): TrafficShift {
    check('TrafficShift.linear', percent, minutes);
    return new TrafficShift({
      type: 'TimeBasedLinear',
      timeBasedLinear: { percentage: percent, interval: minutes },
    });
  }

  /** All at once: the shortest, and everybody sees what is wrong with it. */
  static allAtOnce(): TrafficShift {
    return new TrafficShift({ type: 'AllAtOnce' });
  }

  private constructor(
    /** As CodeDeploy has it. */
    readonly routing: CodedeployDeploymentConfigTrafficRoutingConfig,
  ) {}

  /** What the new version gets in each minute until it gets all requests, in percent; empty when it does at once. */
  get percents(): number[] {
    const { timeBasedCanary: canary, timeBasedLinear: linear } = this.routing;
    const { percentage = 100, interval = 0 } = canary ?? linear ?? {};
    const steps = canary ? 1 : Math.ceil(100 / percentage) - 1;
    return Array.from({ length: steps * interval }, (_, minute) => percentage * (Math.floor(minute / interval) + 1));
  }
}

/**
 * CodeDeploy's own bounds: a deployment to ECS takes two days at most. Source: CodeDeploy API reference,
 * TimeBasedCanary.
 */
function check(factory: string, percent: number, minutes: number): void {
  if (!(Number.isInteger(percent) && percent >= 1 && percent <= 99)) {
    throw new ConfigError(`${factory} has ${percent} percent; allowed are whole numbers from 1 to 99.`);
  }
  if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= 2880)) {
    throw new ConfigError(`${factory} has ${minutes} minutes; allowed are whole numbers from 1 to 2880.`);
  }
}
