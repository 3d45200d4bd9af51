export {
  type CloudName,
  defaultNetworkCidr,
  overlap,
  type SubnetTier,
  subnet,
  subnetTiers,
  tierSubnet,
  tierZones,
} from './address-plan';
export { CONFIG_FILES, defineConfig, loadConfig, parseConfig } from './config/load';
export {
  type Config,
  type ConfigInput,
  ConfigSchema,
  ENVIRONMENTS,
  type EnvironmentConfig,
  type EnvironmentName,
  type WorkloadChoices,
} from './config/schema';
export { Budget, type BudgetProps } from './declarations/budget';
export { CapacityPlan, type CapacityPlanProps, type NodeSize, type ReplicaSize } from './declarations/capacity-plan';
export {
  type ContainerSizes,
  type OwnContainerSize,
  SIZED_CONTAINERS,
  type SizedContainer,
} from './declarations/container-sizes';
export {
  type DeliveryStage,
  type DeliveryStep,
  type ModelStageProps,
  modelStage,
  TEST_STAGE,
} from './declarations/delivery-stage';
export {
  LATENCY_BUCKETS_MS,
  LATENCY_PARTS,
  LatencyBudget,
  type LatencyBudgetProps,
  type LatencyPart,
} from './declarations/latency-budget';
export { OpeningHours, type OpeningHoursProps } from './declarations/opening-hours';
export {
  type BurnRateAlert,
  ServiceLevelObjective,
  type ServiceLevelObjectiveProps,
} from './declarations/service-level-objective';
export { TrafficModel, type TrafficModelProps } from './declarations/traffic-model';
export { ConfigError } from './errors';
export { SERVER_LABELS, SERVER_METRICS, VERSION_LABEL_DIGITS } from './metric-names';
export { Naming } from './names';
export { type StandardTags, standardTags, TagsAspect } from './tags';
