/** Where MLflow listens in its pods. */
export const MLFLOW_PORT = 5000;

/** Processes that answer; each takes 250 MiB. */
const WORKERS = 2;

/** Arguments of `mlflow` that serve runs, models and artifacts under the names of a Service. */
export function mlflowServerArgs(options: {
  readonly artifactsUrl: string;
  readonly serviceName: string;
  readonly namespaceName: string;
}): string[] {
  const { artifactsUrl, serviceName, namespaceName } = options;
  const inNamespace = `${serviceName}.${namespaceName}`;
  // A page that a browser was lured to can't ask under another name; `localhost:*` is for `kubectl port-forward`.
  const hosts = [serviceName, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`, 'localhost:*'];
  return [
    'server',
    '--host=0.0.0.0',
    `--port=${MLFLOW_PORT}`,
    `--workers=${WORKERS}`,
    // Clients send artifacts through the server, so that they need no access to the store.
    `--artifacts-destination=${artifactsUrl}`,
    `--allowed-hosts=${hosts.join(',')}`,
  ];
}

/** What the server reads from its environment, beside its database's URL. */
export function mlflowServerEnvironment(): Record<string, string> {
  return {
    // Else seven processes for judging prompts by language models start beside it, with 230 MiB each.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    // It would tell its makers how it is used; the network policy lets it reach no more than its cloud.
    MLFLOW_DISABLE_TELEMETRY: 'true',
    // The root file system is read-only.
    HOME: '/tmp',
  };
}
