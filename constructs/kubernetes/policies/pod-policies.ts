import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { WorkloadIdentityProps } from '../../contracts';
import { CustomResources } from '../custom-resources';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from '../recommender-namespace';
import { fromRegistries, POD_MAKERS, POD_RULES, POD_VARIABLES } from './pod-rules';

const API = 'admissionregistration.k8s.io/v1';
const NAME = 'recommender-pods';
const REGISTRY = /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9._-]+)*\/?$/;

export interface PodPoliciesProps {
  /** Whose pods are held to the rules. */
  readonly namespace: RecommenderNamespace;
  /**
   * `deny` refuses; `warn` lets through, and tells whoever applies: for a namespace with workloads of one's own.
   * @default 'deny'
   */
  readonly action?: 'deny' | 'warn';
  /**
   * Registries, or paths in them, that images may come from: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop`.
   * @default - any
   */
  readonly registries?: readonly string[];
  /**
   * Service accounts of operators whose own pods don't keep to the rules, such as the solvers of cert-manager.
   * @default []
   */
  readonly exempt?: readonly WorkloadIdentityProps[];
}

/**
 * What pods of the namespace keep to, beyond the Pod Security Standard "restricted": images by digest, requests and
 * limits, a read-only root file system, a name. Kept by the API server itself, by a ValidatingAdmissionPolicy.
 */
export class PodPolicies extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: PodPoliciesProps) {
    super(scope, id);
    const { namespace, action = 'deny', registries, exempt = [] } = props;
    this.check(registries);
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: NAME,
      namespaceName: namespace.namespaceName,
      objects: [policy(registries, exempt), binding(action)],
      dependsOn: [namespace.resource],
    });
  }

  private check(registries: readonly string[] | undefined): void {
    const wrong = registries?.find((registry) => !Token.isUnresolved(registry) && !REGISTRY.test(registry));
    if (registries?.length === 0 || wrong !== undefined) {
      throw new ConfigError(
        `registries is ${JSON.stringify(registries)}; allowed is one or more of host or host/path, without a scheme. Leave it out to allow any.`,
        this,
      );
    }
  }
}

function policy(registries: readonly string[] | undefined, exempt: readonly WorkloadIdentityProps[]) {
  const users = exempt.map(
    ({ namespace, serviceAccountName }) => `system:serviceaccount:${namespace}:${serviceAccountName}`,
  );
  return {
    apiVersion: API,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: NAME },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: POD_MAKERS.map((kinds) => ({
          ...kinds,
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
        })),
      },
      ...(users.length > 0 && {
        matchConditions: [
          { name: 'not-of-an-operator', expression: `!(request.userInfo.username in ${JSON.stringify(users)})` },
        ],
      }),
      variables: POD_VARIABLES,
      validations: [...POD_RULES, ...(registries ? [fromRegistries(registries)] : [])],
    },
  };
}

function binding(action: 'deny' | 'warn') {
  return {
    apiVersion: API,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: NAME },
    spec: {
      policyName: NAME,
      validationActions: action === 'deny' ? ['Deny'] : ['Warn', 'Audit'],
      // The API server itself puts this label on a namespace, so nobody can take it off.
      matchResources: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': RECOMMENDER_NAMESPACE } },
      },
    },
  };
}
