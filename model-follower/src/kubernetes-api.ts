import {
  ApiException,
  createConfiguration,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  ServerConfiguration,
} from '@kubernetes/client-node';

/** By what the API server knows who owns a field: https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export const FIELD_MANAGER = 'model-follower';

/** Longest wait for an answer of the API server. */
const TIMEOUT_MS = 10_000;

/** Which object is meant. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** What the follower asks of the API server. */
export interface KubernetesApi {
  /** @throws KubernetesApiError */
  read(reference: ObjectReference): Promise<unknown>;

  /**
   * Makes the fields of an object as they are given, whoever set them before; others stay as they are.
   *
   * @throws KubernetesApiError
   */
  apply(fields: ObjectReference): Promise<void>;
}

/** A refusal, or no answer, in one line. */
export class KubernetesApiError extends Error {
  override readonly name = 'KubernetesApiError';
}

/**
 * The API server that `KUBECONFIG` names, else the one of the cluster that this process is a pod of. Its token is read
 * again every minute, because it expires.
 */
export function openKubernetesApi(): KubernetesApi {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  const client = new KubernetesObjectApi(
    createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: kubeConfig },
      promiseMiddleware: [
        {
          pre: async (request) => {
            request.setSignal(AbortSignal.timeout(TIMEOUT_MS));
            return request;
          },
          post: async (response) => response,
        },
      ],
    }),
  );
  const explained = async <T>(verb: string, { kind, metadata }: ObjectReference, work: () => Promise<T>) => {
    try {
      return await work();
    } catch (error) {
      const what = `${verb} ${kind} ${metadata.namespace}/${metadata.name} at ${server}`;
      throw new KubernetesApiError(`can't ${what}: ${explain(error as Error)}`, { cause: error });
    }
  };
  return {
    read: (reference) => explained('read', reference, () => client.read(reference)),
    apply: (fields) =>
      explained('apply', fields, async () => {
        const object = fields as KubernetesObject;
        await client.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
      }),
  };
}

/** The API server's own words, where it answered. */
function explain(error: Error): string {
  if (!(error instanceof ApiException)) return error.message;
  const { code, body } = error as ApiException<unknown>;
  const status = typeof body === 'string' ? parsed(body) : body;
  const { message } = (status ?? {}) as { message?: string };
  return `${code} ${message ?? 'without a reason'}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
