import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { ISecretStore, SecretKey } from '../../contracts';
import { CustomResources } from '../custom-resources';
import type { RecommenderNamespace } from '../recommender-namespace';
import type { ExternalSecrets } from './external-secrets';
import type { SecretValue } from './secret-value';

const API = 'external-secrets.io/v1';

export interface ExternalSecretProps {
  /** What copies the values. */
  readonly operator: ExternalSecrets;
  /** Where the Secret is: the namespace that `operator` works for. */
  readonly namespace: RecommenderNamespace;
  /** What the values are copied from. */
  readonly store: Pick<ISecretStore, 'provider' | 'secretNames'>;
  /** Name of the Secret. */
  readonly secretName: string;
  /** Keys of the Secret, and what each is made of. */
  readonly keys: Readonly<Record<string, SecretValue>>;
  /**
   * Seconds between two looks at the store, and so the most that a rotated value takes to the Secret; from 10.
   * @default 300
   */
  readonly refreshSeconds?: number;
}

/**
 * A Secret whose values come from a cloud's store and follow it, by an ExternalSecret and the SecretStore it reads. No
 * value is in Terraform's state, plan or manifests: no prop takes one.
 */
export class ExternalSecret extends Construct {
  readonly resources: CustomResources;
  private readonly keys: readonly string[];
  private readonly secretName: string;

  constructor(scope: Construct, id: string, props: ExternalSecretProps) {
    super(scope, id);
    this.check(props);
    const { operator, namespace, secretName, keys } = props;
    this.secretName = secretName;
    this.keys = Object.keys(keys);
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `secret-${secretName}`,
      namespaceName: namespace.namespaceName,
      objects: externalSecretObjects(props),
      dependsOn: [operator.release],
    });
  }

  /** A key of the Secret, for what mounts it. */
  key(key: string): SecretKey {
    if (!this.keys.includes(key)) {
      throw new ConfigError(`key is ${key}, which the Secret has not; allowed is ${this.keys.join(', ')}.`, this);
    }
    return { secretName: this.secretName, key, ready: [this.resources.release] };
  }

  private check({ keys, store, refreshSeconds = 300 }: ExternalSecretProps): void {
    if (Object.keys(keys).length === 0) throw new ConfigError('keys is empty; name at least one key.', this);
    for (const [key, { secretNames }] of Object.entries(keys)) {
      const missing = secretNames.find((name) => !store.secretNames.includes(name));
      if (missing !== undefined) {
        throw new ConfigError(
          `${key} is made of ${missing}, which the store has not; it has ${store.secretNames.join(', ')}. Add it to the store's secretNames.`,
          this,
        );
      }
    }
    if (!(Number.isInteger(refreshSeconds) && refreshSeconds >= 10)) {
      throw new ConfigError(`refreshSeconds is ${refreshSeconds}; allowed are whole seconds from 10.`, this);
    }
  }
}

function externalSecretObjects({ store, secretName, keys, refreshSeconds = 300 }: ExternalSecretProps) {
  const used = new Set(Object.values(keys).flatMap(({ secretNames }) => secretNames));
  return [
    { apiVersion: API, kind: 'SecretStore', metadata: { name: secretName }, spec: { provider: store.provider } },
    {
      apiVersion: API,
      kind: 'ExternalSecret',
      metadata: { name: secretName },
      spec: {
        secretStoreRef: { kind: 'SecretStore', name: secretName },
        refreshPolicy: 'Periodic',
        refreshInterval: `${refreshSeconds}s`,
        target: {
          name: secretName,
          creationPolicy: 'Owner',
          // Pods go on with the last values while the store has none.
          deletionPolicy: 'Retain',
          template: {
            engineVersion: 'v2',
            // Flagger would copy the Secret and roll each new value out as a version, so a withdrawn key would work on.
            metadata: { annotations: { 'flagger.app/config-tracking': 'disabled' } },
            data: Object.fromEntries(Object.entries(keys).map(([key, { template }]) => [key, template])),
          },
        },
        data: [...used].map((name) => ({ secretKey: name, remoteRef: { key: name } })),
      },
    },
  ];
}
