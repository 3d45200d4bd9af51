import {
  AuditTrail,
  ConfigRecorder,
  ConfigRules,
  ModelStore,
  ObjectLock,
  ThreatDetection,
} from '../../../../constructs/aws';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {
    aws_accessanalyzer_analyzer: 'moto has no Access Analyzer at all',
  },
  build: (stack, { protection, engine }) => {
    const modelStore = new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models', protection });
    new AuditTrail(stack, 'AuditTrail', {
      trailName: 'shop-prod-audit',
      bucketName: 'shop-prod-audit-123456789012',
      lock: ObjectLock.governance({ days: 30 }),
      logRetentionDays: 90,
      objectEventsOf: [modelStore.resource],
      insights: true,
      protection,
    });
    const recorder = new ConfigRecorder(stack, 'ConfigRecorder', {
      recorderName: 'shop-prod-config',
      bucketName: 'shop-prod-config-123456789012',
      protection,
    });
    new ConfigRules(stack, 'ConfigRules', { prefix: 'shop-prod', recorder });
    new ThreatDetection(stack, 'ThreatDetection', {
      prefix: 'shop-prod',
      guardDuty: ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'RUNTIME_MONITORING'],
      inspector: ['EC2', 'ECR', 'LAMBDA'],
      accessAnalyzer: engine === 'real' ? 'elsewhere' : 'account',
    });
  },
};
