import type { KubernetesApi, ObjectReference } from './kubernetes-api';

/** The setting of the model server by which it serves one version, whatever its channel says. */
export const PIN_VARIABLE = 'RECOMMENDER_VERSION';

/** The ConfigMap that pins the version of the model server's pods, which read it when they start. */
export class VersionPin {
  private readonly reference: ObjectReference;

  constructor(
    private readonly api: KubernetesApi,
    readonly metadata: ObjectReference['metadata'],
  ) {
    this.reference = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  }

  /** All of the ConfigMap. */
  async data(): Promise<Record<string, string>> {
    const { data } = (await this.api.read(this.reference)) as { data?: Record<string, string> };
    return data ?? {};
  }

  /** The version, or `seed`; `undefined` when the ConfigMap names none. */
  async read(): Promise<string | undefined> {
    return (await this.data())[PIN_VARIABLE];
  }

  /** @returns whether that changed anything */
  async write(version: string): Promise<boolean> {
    if ((await this.read()) === version) return false;
    await this.api.apply({ ...this.reference, data: { [PIN_VARIABLE]: version } } as ObjectReference);
    return true;
  }
}
