export type { Azurite, StartAzuriteOptions } from './azurite/server';
export { startAzurite } from './azurite/server';
export { type BlackboxExporter, type StartBlackboxExporterOptions, startBlackboxExporter } from './blackbox/server';
export { type CheckedRule, type CheckovOptions, type CheckovResult, runCheckov } from './checkov/run';
export { type Collector, collectorProgram, type StartCollectorOptions, startCollector } from './collector/server';
export type { Engine, ProviderEngine } from './engines';
export { RehearsalError } from './errors';
export { formatResult, stepTimes } from './format';
export {
  type Disturbance,
  type FunctionHost,
  type FunctionHostOptions,
  type FunctionRun,
  startFunctionHost,
} from './functions/function-host';
export { type Haproxy, type StartHaproxyOptions, startHaproxy } from './haproxy/server';
export type { Component, ControlPlane, PodLabel, StartControlPlaneOptions } from './kubernetes/control-plane';
export { startControlPlane } from './kubernetes/control-plane';
export { definedKinds, installCrds, installDefinitions, type KindName } from './kubernetes/crds';
export { type FedMetrics, feedMetrics, type MeasuredPods } from './kubernetes/fed-metrics';
export { HELM_VERSION, type Helm, helmOn } from './kubernetes/helm';
export { addNode, apply, difference, type NodeOptions, succeed } from './kubernetes/kubectl';
export { type DerivedCrd, derivedCrds } from './kubernetes/models/derived-crds';
export { type AppliedResource, type KubernetesObject, objectOf } from './kubernetes/objects';
export { OpenApi, type Schema } from './kubernetes/open-api';
export {
  type EnvoyGateway,
  type StartEnvoyGatewayOptions,
  startEnvoyGateway,
} from './kubernetes/operators/envoy-gateway';
export {
  FLAGGER_VERSION,
  type Flagger,
  flaggerCrds,
  flaggerProgram,
  type StartFlaggerOptions,
  startFlagger,
} from './kubernetes/operators/flagger';
export { type Keda, type StartKedaOptions, startKeda } from './kubernetes/operators/keda';
export { KUBERNETES_VERSION } from './kubernetes/programs';
export type {
  AwsCall,
  AwsFault,
  AwsFaults,
  CloudResource,
  EmulatedRole,
  Inventory,
  MadeCall,
  Moto,
  ShimmedAction,
  StartMotoOptions,
} from './moto/server';
export { startMoto } from './moto/server';
export { OpenStack, type OpenStackOptions, type Plan, type PlannedChange, type StateResource } from './open-stack';
export { freePort } from './process/free-port';
export {
  type PrometheusServer,
  type Sample,
  type StartPrometheusOptions,
  startPrometheus,
} from './prometheus/server';
export type { RedisCluster } from './redis/cluster';
export { startRedisCluster } from './redis/cluster';
export type { Redis, StartRedisOptions } from './redis/server';
export { redisProgram, startRedis } from './redis/server';
export type { Deployed, Progress, RehearseOptions } from './rehearse';
export { rehearse } from './rehearse';
export type { RehearsalResult, StepName, StepResult, TierResult } from './result';
export { runSchemathesis, type SchemathesisOptions } from './schemathesis/run';
export type { Remaining } from './steps';
export { errorText, type ResourceEvent } from './terraform/progress';
export { ALERTMANAGER_VERSION, amtoolProgram } from './toolchain/amtool';
export { cacheFolder } from './toolchain/cache-folder';
export { type DebianProgram, type DebianProgramOptions, debianProgram } from './toolchain/debian-packages';
export { ENVOY_GATEWAY_VERSION, envoyGatewayCrds, gatewayApiCrds } from './toolchain/envoy-gateway';
export { K6_VERSION, k6Program } from './toolchain/k6';
export { KEDA_VERSION, kedaCrds, kedaPrograms } from './toolchain/keda';
export { KUBE_SCORE_VERSION, kubeScoreProgram } from './toolchain/kube-score';
export { KUBECONFORM_VERSION, kubeconformProgram } from './toolchain/kubeconform';
export { PROMETHEUS_VERSION, type PrometheusPrograms, prometheusPrograms } from './toolchain/prometheus';
export { type PythonEnvironmentOptions, pythonEnvironment } from './toolchain/python-environment';
export type { ToolCheck, Toolchain, ToolchainOptions } from './toolchain/toolchain';
export { findToolchain } from './toolchain/toolchain';
