import { Construct } from 'constructs';
import { CustomResources } from '../custom-resources';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from '../recommender-namespace';
import type { ImageAttestor } from './image-attestor';
import type { Kyverno } from './kyverno';

const NAME = 'recommender-images';
/** Kyverno's lists of a pod's images. */
const IMAGES = ['containers', 'initContainers', 'ephemeralContainers'];

export interface SignedImagesProps {
  /** What checks the signatures. */
  readonly kyverno: Kyverno;
  /** Whose pods are held to it. */
  readonly namespace: RecommenderNamespace;
  /** An image is let in with the signature of any one of them. */
  readonly attestors: readonly [ImageAttestor, ...ImageAttestor[]];
}

/** Pods of the namespace run signed images only, all of them, whatever registry they are from. */
export class SignedImages extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, { kyverno, namespace, attestors }: SignedImagesProps) {
    super(scope, id);
    const names = attestors.map((_, index) => `signer${index + 1}`);
    const signers = names.map((name) => `attestors.${name}`).join(', ');
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: NAME,
      namespaceName: namespace.namespaceName,
      objects: [
        {
          apiVersion: 'policies.kyverno.io/v1',
          kind: 'ImageValidatingPolicy',
          metadata: { name: NAME },
          spec: {
            validationActions: ['Deny'],
            failurePolicy: 'Fail',
            webhookConfiguration: { timeoutSeconds: 15 },
            evaluation: { background: { enabled: false } },
            matchConstraints: {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': RECOMMENDER_NAMESPACE } },
              resourceRules: [
                {
                  apiGroups: [''],
                  apiVersions: ['v1'],
                  operations: ['CREATE', 'UPDATE'],
                  resources: ['pods', 'pods/ephemeralcontainers'],
                },
              ],
            },
            // An image that matches nothing here would be let in unseen.
            matchImageReferences: [{ glob: '*' }],
            validationConfigurations: { mutateDigest: false, verifyDigest: true, required: true },
            attestors: attestors.map(({ cosign }, index) => ({ name: names[index], cosign })),
            validations: IMAGES.map((images) => ({
              expression: `images.${images}.map(image, verifyImageSignatures(image, [${signers}])).all(signatures, signatures > 0)`,
              message: `an image of the pod's ${images} has no signature of those who may sign.`,
            })),
          },
        },
      ],
      dependsOn: [kyverno.release],
    });
  }
}
