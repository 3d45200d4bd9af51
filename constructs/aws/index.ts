export * from '../contracts';
export type { ApiDomainName } from './api-gateway/api-domain';
export { ApiGateway, type ApiGatewayProps } from './api-gateway/api-gateway';
export { type ApiRoute, RECOMMENDER_ROUTES } from './api-gateway/api-routes';
export {
  type HttpCaller,
  type HttpIntegration,
  type IHttpBackend,
  LambdaBackend,
  type LambdaBackendProps,
  PrivateBackend,
  type PrivateBackendProps,
} from './api-gateway/http-backend';
export { AuditTrail, type AuditTrailProps } from './audit/audit-trail';
export { ConfigRecorder, type ConfigRecorderProps } from './audit/config-recorder';
export { ConfigRules, type ConfigRulesProps } from './audit/config-rules';
export { FindingAlerts, type FindingAlertsProps } from './audit/finding-alerts';
export { MANAGED_CONFIG_RULES, type ManagedConfigRule } from './audit/managed-rules';
export {
  GUARD_DUTY_FEATURES,
  type GuardDutyFeature,
  type InspectorResourceType,
  ThreatDetection,
  type ThreatDetectionProps,
} from './audit/threat-detection';
export { AutoScalingDeployment, type AutoScalingDeploymentProps } from './auto-scaling/auto-scaling-deployment';
export { AutoScalingService, type AutoScalingServiceProps } from './auto-scaling/auto-scaling-service';
export { Backup, type BackupProps } from './backup/backup';
export { BackupCopyVault, type BackupCopyVaultProps } from './backup/backup-copy-vault';
export { BackupRule, type BackupRuleOptions } from './backup/backup-rule';
export { BackupSelection } from './backup/backup-selection';
export type { RestoreTest, RestoreTestProps } from './backup/restore-test';
export { VaultLock, type VaultLockOptions } from './backup/vault-lock';
export { Cache, type CacheProps } from './cache/cache';
export type { CacheClients, CacheClientsProps } from './cache/cache-client';
export { CACHE_NODE_TYPES, type CacheNodeType, CacheShape } from './cache/cache-shape';
export { EKS_ADD_ON_NAMES, type EksAddOnName, type EksAddOnVersions } from './cluster/add-on-versions';
export { AutoModeNetworkPolicies, type AutoModeNetworkPoliciesProps } from './cluster/auto-mode-network-policies';
export {
  type AutoModePool,
  type AutoModeProps,
  ClusterCompute,
  type NodeGroupsProps,
  type SpotNodes,
} from './cluster/cluster-compute';
export type { ExistingClusterProps } from './cluster/existing-cluster';
export { Karpenter, type KarpenterProps } from './cluster/karpenter/karpenter';
export type { KarpenterCapacity, KarpenterImage } from './cluster/karpenter/karpenter-objects';
export { KUBERNETES_VERSIONS, type KubernetesVersion, standardSupportEnds } from './cluster/kubernetes-version';
export { NODE_CAPACITY_LABEL } from './cluster/node-groups';
export type { NodeCount, NodeImage } from './cluster/node-size';
export { RecommenderCluster, type RecommenderClusterProps } from './cluster/recommender-cluster';
export { StorageClass, type StorageClassProps } from './cluster/storage-class';
export type { RollbackAlarms } from './compute/rollback-alarms';
export type { IServerCompute, ServerComputeProps } from './compute/server-compute';
export type { ServerSecret, ServerSecrets } from './compute/server-secret';
export { CostAnomalies, type CostAnomaliesProps } from './cost/cost-anomalies';
export { CostBudget, type CostBudgetProps } from './cost/cost-budget';
export { CrossCloudSync, type CrossCloudSyncProps } from './cross-cloud-sync';
export { DataLake, type DataLakeProps } from './data-lake/data-lake';
export { type KinesisEventSource, LakeEventSource } from './data-lake/event-source';
export type { LakePrincipal } from './data-lake/lake-permissions';
export type { LakeZone } from './data-lake/lake-zone';
export { Database, type DatabaseProps } from './database/database';
export { DATABASE_CLASSES, type DatabaseClass } from './database/database-size';
export { POSTGRES_VERSIONS, type PostgresVersion } from './database/postgres-version';
export { BlueGreenDeployment, type BlueGreenDeploymentProps } from './delivery/blue-green-deployment';
export { DeliveryPipeline, type DeliveryPipelineProps } from './delivery/delivery-pipeline';
export type { IImageRepository } from './delivery/image-step';
export type { DeliverySource } from './delivery/pipeline-actions';
export { TrafficShift } from './delivery/traffic-shift';
export { AliasRecord, type AliasRecordProps } from './dns/alias-record';
export { Certificate, type CertificateProps } from './dns/certificate';
export { DnsZone, type DnsZoneProps } from './dns/dns-zone';
export { EdgeDistribution, type EdgeDistributionProps } from './edge/edge-distribution';
export { EdgeModels, type EdgeModelsProps } from './edge/edge-models';
export { cloudFrontPeer, EdgeOrigin, type HttpsOriginProps, type VpcOriginProps } from './edge/edge-origin';
export { GeoRestriction } from './edge/geo-restriction';
export { WebAcl, type WebAclProps } from './edge/web-acl';
export type { EncryptedLogGroup } from './encrypted-log-group';
export { EncryptionKey, type EncryptionKeyProps } from './encryption-key';
export { KinesisEventStream, type KinesisEventStreamProps } from './event-stream/kinesis-event-stream';
export { MskServerless, type MskServerlessProps } from './event-stream/msk-serverless';
export { QueueEventStream, type QueueEventStreamProps } from './event-stream/queue-event-stream';
export { ExclusivePermissions } from './exclusive-permissions';
export { FargateService, type FargateServiceProps } from './fargate/fargate-service';
export { type FargateTaskSize, fargateTaskMonthlyUsd } from './fargate/task-size';
export {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
  type LoadBalancerChoices,
} from './load-balancer/application-load-balancer';
export { logsKeyStatement } from './log-group-key';
export { DatabaseMigration, type DatabaseMigrationProps } from './migration/database-migration';
export { MigrationAccountRoles } from './migration/migration-account-roles';
export type { MigratedDatabase } from './migration/migration-endpoints';
export { MIGRATION_PHASES, type MigrationPhase, type MigrationState } from './migration/migration-phase';
export type { MigratedTables } from './migration/migration-tasks';
export { DataCapture, type DataCaptureProps } from './ml/data-capture';
export type { EndpointAlarms } from './ml/endpoint-alarms';
export { ImageRepository } from './ml/image-repository';
export { NotebookInstance, type NotebookInstanceProps } from './ml/notebook-instance';
export { RealTimeEndpoint, type RealTimeEndpointProps } from './ml/real-time-endpoint';
export { SageMakerLogs, type SageMakerLogsProps, type SharedLogs } from './ml/sagemaker-logs';
export type {
  SageMakerModel,
  SageMakerModelInNetworkProps,
  SageMakerModelProps,
} from './ml/sagemaker-model';
export { ServerlessEndpoint, type ServerlessEndpointProps } from './ml/serverless-endpoint';
export { type Hyperparameters, TrainingJob, type TrainingJobProps } from './ml/training-job';
export type { ModelAging } from './model-store/model-aging';
export { ModelStore, type ModelStoreProps } from './model-store/model-store';
export type { ModelStoreReplication, ReplicaBucket } from './model-store/model-store-replication';
export { Connections, type ConnectionsProps, type IConnectable } from './network/connections';
export { ENDPOINT_SERVICES, type EndpointService, NODE_ENDPOINT_SERVICES } from './network/endpoint-services';
export type { InterfaceEndpoints } from './network/interface-endpoints';
export { type NatGateways, Network, type NetworkProps } from './network/network';
export { Peer, Port } from './network/peer';
export { SecurityGroup, type SecurityGroupProps } from './network/security-group';
export { type AlertSubscriber, AlertTopic, type AlertTopicProps } from './observability/alert-topic';
export { CloudObservability, type CloudObservabilityProps } from './observability/cloud-observability';
export {
  LOG_RETENTION_DAYS,
  LogGroup,
  type LogGroupProps,
  type LogRetentionDays,
} from './observability/log-group';
export { LogRetention } from './observability/log-retention';
export { type CloudWatchMetric, MetricSource, type MetricSourceProps } from './observability/metric-source';
export type { PagerDutyIntegration, PagerDutySubscriber } from './observability/pager-duty-integration';
export { ServiceDashboard, type ServiceDashboardProps } from './observability/service-dashboard';
export { SloAlarms, type SloAlarmsProps } from './observability/slo-alarms';
export type { TeamsSubscriber } from './observability/teams-channel';
export { DashboardWidget, type GraphWidgetProps, type WidgetMetric } from './observability/widgets';
export { XRayTraces, type XRayTracesProps } from './observability/x-ray-traces';
export { PermissionsBoundary } from './permissions-boundary';
export type { PodIdentity } from './pod-identity';
export type { IGrantee, PolicyStatement } from './policy-document';
export { SecretStore, type SecretStoreProps } from './secrets/secret-store';
export { DeadLetterQueue, type DeadLetterQueueProps } from './serverless/dead-letter-queue';
export { FunctionImage } from './serverless/function-image';
export { FunctionKey, type FunctionKeyProps } from './serverless/function-key';
export { ReadFunction, type ReadFunctionProps } from './serverless/read-function';
export {
  type CommonFunctionProps,
  type FunctionSize,
  RecommenderFunction,
  type RecommenderFunctionProps,
} from './serverless/recommender-function';
export { type IScheduleTarget, Schedule, type ScheduleProps, startsFunction } from './serverless/schedule';
export { ScoringFunction, type ScoringFunctionProps, type ScoringTime } from './serverless/scoring-function';
export { WorkQueue, type WorkQueueConsumerOptions, type WorkQueueProps } from './serverless/work-queue';
export { ServiceRole, type ServiceRoleProps } from './service-role';
export { AccessLogBucket, type AccessLogBucketProps } from './storage/access-log-bucket';
export { ObjectLock } from './storage/object-lock';
export { DEFAULT_RETRAINING_CANDIDATES, type RetrainingCandidate } from './workflow/retraining-candidates';
export type { RetrainingStage } from './workflow/retraining-definition';
export type { RetrainingFunctions } from './workflow/retraining-functions';
export type { RetrainingRuns } from './workflow/retraining-runs';
export { RetrainingWorkflow, type RetrainingWorkflowProps } from './workflow/retraining-workflow';
export { TrainingData, type TrainingDataProps } from './workflow/training-data';
export type { WorkflowAlarms } from './workflow/workflow-alarms';
