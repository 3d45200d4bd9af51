import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Construct } from 'constructs';
import { DRAIN_SECONDS, HEALTH_PATHS, HTTP_PORT, SHUTDOWN_SECONDS } from '../../../src/model-server/serving';
import type { Network } from '../network/network';

export interface TargetGroupsProps {
  /** What their names begin with. */
  readonly name: string;
  readonly network: Network;
  readonly targetType: TargetType;
  /** Seconds that a server has to say that it is well. */
  readonly healthTimeoutSeconds: number;
}

/** What requests go to: containers by their addresses, or machines. */
export type TargetType = 'ip' | 'instance';

/** Two groups of model servers behind one load balancer: what serves now, and what is to serve next. */
export class TargetGroups extends Construct {
  /** Has the servers of the first deployment. */
  readonly blue: LbTargetGroup;
  readonly green: LbTargetGroup;

  constructor(scope: Construct, id: string, props: TargetGroupsProps) {
    super(scope, id);
    this.blue = this.addGroup('Blue', 'blue', props);
    this.green = this.addGroup('Green', 'green', props);
  }

  private addGroup(id: string, colour: string, props: TargetGroupsProps): LbTargetGroup {
    const { name, network, targetType, healthTimeoutSeconds } = props;
    return new LbTargetGroup(this, id, {
      name: `${name}-${colour}`,
      vpcId: network.vpc.id,
      targetType,
      port: HTTP_PORT,
      protocol: 'HTTP',
      // The server that has the fewest requests open: one that runs a model longer isn't given more meanwhile.
      loadBalancingAlgorithmType: 'least_outstanding_requests',
      // What the server itself takes to answer what it has, after SIGTERM.
      deregistrationDelay: `${DRAIN_SECONDS + SHUTDOWN_SECONDS}`,
      healthCheck: {
        path: HEALTH_PATHS.ready,
        matcher: '200',
        interval: 10,
        timeout: healthTimeoutSeconds,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
  }
}
