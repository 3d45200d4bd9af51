interface LocalApiService {
  /** `metrics.k8s.io` */
  readonly group: string;
  /** Of the Service that leads to it. */
  readonly name: string;
  readonly namespace: string;
  /** On this machine. */
  readonly port: number;
}

/** Objects by which an API server asks a program of this machine for the group's `v1beta1`. */
export function localApiService({ group, name, namespace, port }: LocalApiService): object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1beta1.${group}` },
      spec: {
        group,
        version: 'v1beta1',
        service: { name, namespace, port },
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}
