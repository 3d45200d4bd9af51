import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { containerResources, TRAINER_SIZE } from '../workload-sizes';
import type { Trainer } from './trainer';
import { evaluate, promote, type Requirements, trainOnly, VERSION_FILE } from './trainer-commands';

/** The steps, one after the other: what fails ends the workflow. */
const STEPS = [
  [{ name: 'train', template: 'train' }],
  [{ name: 'evaluate', template: 'evaluate' }],
  [
    {
      name: 'promote',
      template: 'promote',
      arguments: { parameters: [{ name: 'version', value: '{{steps.train.outputs.parameters.version}}' }] },
    },
  ],
];

export function workflowSpec(trainer: Trainer, channel: string, requirements: Requirements): object {
  const { volume } = trainer.data;
  const container = (command: string[]) => stepContainer(trainer, command);
  return {
    entrypoint: 'pipeline',
    serviceAccountName: trainer.serviceAccount.metadata.name,
    // Beside each step, Argo's executor tells how it ended; its role lets it do nothing else.
    automountServiceAccountToken: true,
    activeDeadlineSeconds: 7200,
    podGC: { strategy: 'OnPodSuccess' },
    podMetadata: { labels: { 'app.kubernetes.io/name': 'model-training', ...trainer.podLabels } },
    securityContext: inNumbers(RESTRICTED_POD),
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      ...(volume ? [{ name: 'data', persistentVolumeClaim: { claimName: volume.claimName, readOnly: true } }] : []),
    ],
    templates: [
      { name: 'pipeline', steps: STEPS },
      {
        name: 'train',
        container: container(trainOnly(trainer)),
        outputs: { parameters: [{ name: 'version', valueFrom: { path: VERSION_FILE } }] },
      },
      { name: 'evaluate', container: container(evaluate(trainer)) },
      {
        name: 'promote',
        inputs: { parameters: [{ name: 'version' }] },
        container: container(promote('{{inputs.parameters.version}}', channel, requirements)),
      },
    ],
  };
}

function stepContainer({ image, environment, data: { volume } }: Trainer, command: string[]) {
  return {
    image,
    command,
    env: Object.entries(environment).map(([name, value]) => ({ name, value })),
    resources: containerResources(TRAINER_SIZE),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(volume ? [{ name: 'data', mountPath: volume.mountPath, readOnly: true }] : []),
    ],
  };
}

/** Terraform's provider has users and groups as text, the API server as numbers. */
function inNumbers({ runAsUser, runAsGroup, fsGroup, ...rest }: typeof RESTRICTED_POD): object {
  return { ...rest, runAsUser: Number(runAsUser), runAsGroup: Number(runAsGroup), fsGroup: Number(fsGroup) };
}
