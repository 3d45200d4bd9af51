import { RehearsalError } from '../errors';
import type { ControlPlane } from './control-plane';

/** What this package reads of a schema in an OpenAPI 3 document. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

interface Document {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** A kind of object, with the schema by which the API server reads it. */
export interface Kind {
  /** `apps/v1` */
  readonly apiVersion: string;
  /** `Deployment` */
  readonly kind: string;
  readonly schema: Schema;
}

/** The schemas of an API server, from its OpenAPI 3 documents. */
export class OpenApi {
  private readonly schemas: ReadonlyMap<string, Schema>;

  constructor(documents: readonly Document[]) {
    this.schemas = new Map(documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {})));
  }

  /** Asks an API server for the documents of all its groups. */
  static async of(controlPlane: ControlPlane): Promise<OpenApi> {
    const index = (await controlPlane.get('/openapi/v3')) as { paths: Record<string, { serverRelativeURL: string }> };
    const groups = Object.values(index.paths).map(({ serverRelativeURL }) => controlPlane.get(serverRelativeURL));
    return new OpenApi((await Promise.all(groups)) as Document[]);
  }

  /**
   * The kind that a resource type of Terraform's Kubernetes provider is for: `kubernetes_config_map_v1`.
   *
   * @throws RehearsalError when the API server has no such kind
   */
  kindOf(resourceType: string): Kind {
    const [, name = '', version = ''] = /^kubernetes_(.+)_(v\d\w*)$/.exec(resourceType) ?? [];
    for (const schema of this.schemas.values()) {
      for (const one of schema['x-kubernetes-group-version-kind'] ?? []) {
        if (one.version !== version || one.kind.toLowerCase() !== name.replaceAll('_', '')) continue;
        if (!schema.properties?.metadata) continue;
        return { apiVersion: one.group ? `${one.group}/${version}` : version, kind: one.kind, schema };
      }
    }
    throw new RehearsalError(`The API server has no kind for ${resourceType}`);
  }

  /** A schema's own definition, behind its references. */
  resolve(schema: Schema): Schema {
    const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    if (ref === undefined) return schema;
    const found = this.schemas.get(ref.slice(ref.lastIndexOf('/') + 1));
    if (!found) throw new RehearsalError(`The API server's documents lack ${ref}`);
    return this.resolve(found);
  }
}
