import { z } from 'zod';
import { object } from './checks';
import { Callers } from './cloud-settings';
import { choicesFit, WORKLOAD_CHOICES } from './workload-config';

/** A name with a tag or a digest, as an image is called on a machine. */
const IMAGE = /^[a-z0-9][a-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$/;

/** `local` */
export const LocalConfig = object({
  context: z
    .string()
    .min(1, 'must not be empty; `kubectl config get-contexts` lists them')
    .describe(
      'Context of the kubeconfig to deploy into: `kind-recommender`, `minikube`. A required choice: the current one may be production.',
    ),
  kubeconfig: z
    .string()
    .min(1, 'must not be empty')
    .default('~/.kube/config')
    .describe('File that has the context. Terraform keeps its path only, none of its credentials.'),
  image: z
    .string()
    .regex(IMAGE, 'must be a name with a tag or a digest, such as model-server:local')
    .refine((image) => !image.endsWith(':latest'), 'must have another tag than latest, which Kubernetes always pulls')
    .default('model-server:local')
    .describe("Image of the model server, which the cluster's nodes have or can pull. Only here may it be a tag."),
  storageClassName: z
    .string()
    .min(1, 'must not be empty')
    .default('standard')
    .describe('Storage class of volumes: `standard` on kind and minikube, `local-path` on k3s.'),
  ...WORKLOAD_CHOICES,
  callers: Callers,
})
  .superRefine(choicesFit)
  .describe(
    'A cluster that is there already: kind, minikube, k3s or any other of a kubeconfig. The stack `local` deploys into it what the clouds have in theirs, without a cloud.',
  );

export type LocalConfig = z.output<typeof LocalConfig>;
