import { Construct } from 'constructs';
import type { ServerComputeProps } from '../compute/server-compute';
import { grantStart } from '../compute/server-infrastructure';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import { ServiceRole } from '../service-role';

interface TaskRolesProps extends Pick<ServerComputeProps, 'serviceName' | 'modelStore' | 'image' | 'secrets'> {
  readonly logGroup: EncryptedLogGroup;
}

/** The two roles of a task: what the server acts as, and what ECS acts as before there is a server. */
export class TaskRoles extends Construct {
  /** May read the model store. */
  readonly task: ServiceRole;
  /** May pull the image, read the secrets, and write logs; the server never has its credentials. */
  readonly execution: ServiceRole;

  constructor(scope: Construct, id: string, props: TaskRolesProps) {
    super(scope, id);
    const { serviceName, modelStore, logGroup } = props;
    this.task = this.addRole('Task', `${serviceName}-task`, `The model server of ${serviceName}`);
    modelStore.grants.read(this.task);
    this.execution = this.addRole(
      'Execution',
      `${serviceName}-execution`,
      `Fetches image and secrets for the tasks of ${serviceName}`,
    );
    grantStart(this, this.execution, props, logGroup);
  }

  private addRole(id: string, roleName: string, description: string): ServiceRole {
    return new ServiceRole(this, id, { roleName, description, service: 'ecs-tasks.amazonaws.com' });
  }
}
