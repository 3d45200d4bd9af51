import type { CustomResource } from '../custom-resources';
import { RESTRICTED_CONTAINER, RESTRICTED_POD_VALUES } from '../pod-security';
import { type ContainerSize, containerResources } from '../workload-sizes';
import type { DistributedTrainingProps } from './distributed-training';

const API = 'trainer.kubeflow.org';
const NODE = 'node';

interface TrainingObjectsProps extends DistributedTrainingProps {
  readonly serviceAccountName: string;
  readonly podLabels: Record<string, string>;
  readonly nodes: number;
  readonly size: ContainerSize;
  readonly deadlineHours: number;
}

/** How a training runs, and one run of it. */
export function trainingObjects(props: TrainingObjectsProps): CustomResource[] {
  return [runtime(props), job(props)];
}

function runtime(props: TrainingObjectsProps): CustomResource {
  const { name, image, framework, environment = {}, identity, serviceAccountName, podLabels, nodes, size } = props;
  return {
    apiVersion: `${API}/v1alpha1`,
    kind: 'TrainingRuntime',
    metadata: { name, labels: { 'trainer.kubeflow.org/framework': framework } },
    spec: {
      mlPolicy: { numNodes: nodes, ...(framework === 'torch' && { torch: {} }) },
      template: {
        spec: {
          replicatedJobs: [
            {
              name: NODE,
              template: {
                // The run's command and number of nodes are this job's.
                metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' } },
                spec: {
                  template: {
                    metadata: { labels: { ...podLabels, ...identity.podLabels } },
                    spec: {
                      serviceAccountName,
                      automountServiceAccountToken: false,
                      enableServiceLinks: false,
                      securityContext: RESTRICTED_POD_VALUES,
                      containers: [
                        {
                          name: NODE,
                          image,
                          env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
                          resources: containerResources(size),
                          securityContext: RESTRICTED_CONTAINER,
                          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
                        },
                      ],
                      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '2Gi' } }],
                    },
                  },
                },
              },
            },
          ],
        },
      },
    },
  };
}

function job({ name, run, command, nodes, deadlineHours }: TrainingObjectsProps): CustomResource {
  return {
    apiVersion: `${API}/v1alpha1`,
    kind: 'TrainJob',
    metadata: { name: `${name}-${run}` },
    spec: {
      runtimeRef: { apiGroup: API, kind: 'TrainingRuntime', name },
      trainer: { command, numNodes: nodes },
      activeDeadlineSeconds: deadlineHours * 3600,
    },
  };
}
