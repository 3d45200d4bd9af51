import { join } from 'node:path';
import {
  type ControlPlane,
  envoyGatewayCrds,
  flaggerCrds,
  gatewayApiCrds,
  installCrds,
} from '@cdktf-recommender/rehearsal';
import { goModuleFiles } from '../../../rehearsal/src/toolchain/go-module-files';

/** Operators whose definitions of kinds are in their Go modules, in versions that the Go of the tests takes. */
const MODULES = {
  argoCd: ['github.com/argoproj/argo-cd/v3', 'v3.5.7', ['manifests/crds/application-crd.yaml']],
  argoWorkflows: [
    'github.com/argoproj/argo-workflows/v3',
    'v3.7.4',
    ['manifests/base/crds/full/argoproj.io_cronworkflows.yaml'],
  ],
  certManager: [
    'github.com/cert-manager/cert-manager',
    'v1.21.1',
    [
      'cert-manager.io_issuers',
      'cert-manager.io_certificates',
      'cert-manager.io_certificaterequests',
      'acme.cert-manager.io_orders',
      'acme.cert-manager.io_challenges',
    ].map((kind) => `deploy/crds/${kind}.yaml`),
  ],
  elastic: [
    'github.com/elastic/cloud-on-k8s/v3',
    'v3.5.0',
    ['elasticsearch.k8s.elastic.co_elasticsearches', 'kibana.k8s.elastic.co_kibanas'].map(
      (kind) => `config/crds/v1/resources/${kind}.yaml`,
    ),
  ],
  fluxKustomize: [
    'github.com/fluxcd/kustomize-controller',
    'v1.9.6',
    ['config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'],
  ],
  fluxSource: [
    'github.com/fluxcd/source-controller',
    'v1.9.6',
    ['config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml'],
  ],
  istio: ['istio.io/api', 'v1.30.3', ['kubernetes/customresourcedefinitions.gen.yaml']],
  karpenter: [
    'github.com/aws/karpenter-provider-aws',
    'v1.14.1',
    ['karpenter.k8s.aws_ec2nodeclasses.yaml', 'karpenter.sh_nodepools.yaml'].map((file) => `pkg/apis/crds/${file}`),
  ],
  keda: ['github.com/kedacore/keda/v2', 'v2.20.2', ['config/crd/bases/keda.sh_scaledobjects.yaml']],
  kserve: [
    'github.com/kserve/kserve',
    'v0.20.0',
    ['inferenceservices', 'servingruntimes'].map((kind) => `config/crd/full/serving.kserve.io_${kind}.yaml`),
  ],
  kubeflowTrainer: [
    'github.com/kubeflow/trainer/v2',
    'v2.3.0',
    ['trainingruntimes', 'trainjobs'].map((kind) => `manifests/base/crds/trainer.kubeflow.org_${kind}.yaml`),
  ],
  prometheusOperator: [
    'github.com/prometheus-operator/prometheus-operator',
    'v0.85.0',
    ['podmonitors', 'probes', 'prometheusrules'].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  ],
  snapshots: [
    'github.com/kubernetes-csi/external-snapshotter/client/v8',
    'v8.4.0',
    ['config/crd/snapshot.storage.k8s.io_volumesnapshotclasses.yaml'],
  ],
  velero: [
    'github.com/vmware-tanzu/velero',
    'v1.18.3',
    ['backupstoragelocations', 'schedules'].map((kind) => `config/crd/v1/bases/velero.io_${kind}.yaml`),
  ],
} as const satisfies Record<string, readonly [module: string, version: string, files: readonly string[]]>;

/** The definitions of an operator's kinds, from its module. */
export async function moduleCrds(operator: keyof typeof MODULES): Promise<string[]> {
  const [module, version, paths] = MODULES[operator];
  const folder = await goModuleFiles(module, version);
  return paths.map((path) => join(folder, path));
}

/** As it is printed: which operator, in which version. */
export function moduleName(operator: keyof typeof MODULES): string {
  const [module, version] = MODULES[operator];
  return `${module} ${version}`;
}

/** Gives a control plane the kinds of these operators, by their own definitions. */
export async function installKindsOf(
  controlPlane: ControlPlane,
  ...operators: readonly (keyof typeof MODULES | 'envoyGateway' | 'flagger')[]
): Promise<void> {
  const files = operators.map(async (operator) => {
    if (operator === 'flagger') return flaggerCrds();
    if (operator === 'envoyGateway') return [...(await gatewayApiCrds()), ...(await envoyGatewayCrds())];
    return moduleCrds(operator);
  });
  await installCrds(controlPlane, (await Promise.all(files)).flat());
}
