import { DmsReplicationTask } from '@cdktf/provider-aws/lib/dms-replication-task';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';

/** Tables of a schema that are migrated. */
export interface MigratedTables {
  readonly schema: string;
  /**
   * Name of a table; % stands for any letters.
   * @default '%'
   */
  readonly table?: string;
}

interface TaskProps {
  readonly taskName: string;
  readonly instanceArn: string;
  readonly sourceArn: string;
  readonly targetArn: string;
  readonly tables: readonly MigratedTables[];
  /** `copy`: what is there, then each change. `changes`: each from now on. `compare`: every row, writing none. */
  readonly does: 'copy' | 'changes' | 'compare';
  readonly running: boolean;
  readonly dependsOn: ITerraformDependable[];
}

const MIGRATION_TYPES = { copy: 'full-load-and-cdc', changes: 'cdc', compare: 'full-load' } as const;

/** A task of DMS. Every task compares what it wrote, row by row. */
export function migrationTask(scope: Construct, id: string, props: TaskProps): DmsReplicationTask {
  return new DmsReplicationTask(scope, id, {
    replicationTaskId: props.taskName,
    replicationInstanceArn: props.instanceArn,
    sourceEndpointArn: props.sourceArn,
    targetEndpointArn: props.targetArn,
    migrationType: MIGRATION_TYPES[props.does],
    startReplicationTask: props.running,
    tableMappings: JSON.stringify({ rules: props.tables.map(selection) }),
    replicationTaskSettings: JSON.stringify(settings(props.does === 'compare')),
    dependsOn: props.dependsOn,
  });
}

function selection({ schema, table = '%' }: MigratedTables, index: number) {
  return {
    'rule-type': 'selection',
    'rule-id': `${index + 1}`,
    'rule-name': `${index + 1}`,
    'object-locator': { 'schema-name': schema, 'table-name': table },
    'rule-action': 'include',
  };
}

function settings(comparesOnly: boolean) {
  return {
    // KiB; a larger value is cut off, and validation says so.
    TargetMetadata: { SupportLobs: true, LimitedSizeLobMode: true, LobMaxSize: 64 },
    // Tables are made beforehand. Rows that are there already are in the way of their copies, instead of lost.
    FullLoadSettings: { TargetTablePrepMode: 'DO_NOTHING' },
    ValidationSettings: { EnableValidation: true, ValidationOnly: comparesOnly },
    Logging: { EnableLogging: true },
  };
}
