import { randomUUID } from 'node:crypto';
import { applyBlock, readBlock } from './apply';
import { type DynamicValue, decodeValue, encodeValue, isObject, type ObjectValue } from './dynamic-value';
import { FaultPlan } from './faults';
import { planBlock, replacements } from './plan';
import { profileOf } from './profile';
import type { ProviderPackage } from './provider-package';
import type { Block } from './schema';
import type { TypeNames } from './served-types';
import { fromStateJson } from './state-json';
import { error, problems, unconfigurable } from './validate';
import { toSchemaMessage } from './wire-schema';

export interface StandInOptions {
  /** The provider's name, e.g. `kubernetes`: the prefix of its types. */
  readonly name: string;
  /** Which types to serve. @default - all */
  readonly types?: () => TypeNames;
}

/** A request's fields, as far as any method reads them. */
export interface Request {
  readonly type_name: string;
  readonly id: string;
  readonly config: DynamicValue | null;
  readonly current_state: DynamicValue | null;
  readonly prior_state: DynamicValue | null;
  readonly proposed_new_state: DynamicValue | null;
  readonly planned_state: DynamicValue | null;
  readonly private: Buffer;
  readonly prior_private: Buffer;
  readonly planned_private: Buffer;
  readonly raw_state: { readonly json: Buffer } | null;
}

export type Handlers = Record<string, (request: Request) => object>;

/**
 * A provider whose schema is the real one's and whose cloud is nothing: what is applied is as planned, with made-up
 * values for what the cloud would decide, and what is read is as it was written.
 */
export class StandIn {
  readonly faults = new FaultPlan();
  /** What was applied and not destroyed, by a key that each resource carries in its private state. */
  private readonly ledger = new Map<string, { readonly type: string; readonly id: string }>();

  constructor(
    readonly provider: ProviderPackage,
    private readonly options: StandInOptions,
  ) {}

  inventory(): { readonly type: string; readonly id: string }[] {
    return [...this.ledger.values()];
  }

  readonly handlers: Handlers = {
    GetProviderSchema: () => this.schema(),
    GetResourceIdentitySchemas: () => ({}),
    GetFunctions: () => ({}),
    ValidateProviderConfig: () => ({}),
    ConfigureProvider: () => ({}),
    StopProvider: () => ({}),
    ValidateResourceConfig: ({ type_name, config }) => {
      const value = object(config);
      return {
        diagnostics: [
          ...unconfigurable(this.resource(type_name), value),
          ...problems(profileOf(this.options.name), type_name, value),
        ],
      };
    },
    ValidateDataResourceConfig: () => ({}),
    UpgradeResourceState: ({ type_name, raw_state }) => {
      const state = JSON.parse(Buffer.from(raw_state?.json ?? 'null').toString('utf8'));
      return { upgraded_state: encodeValue(fromStateJson(this.resource(type_name), state)) };
    },
    ReadResource: ({ type_name, current_state, private: kept }) => {
      const state = decodeValue(current_state);
      return { new_state: encodeValue(isObject(state) ? this.faults.drifted(type_name, state) : state), private: kept };
    },
    PlanResourceChange: (request) => this.plan(request),
    ApplyResourceChange: (request) => this.apply(request),
    ReadDataSource: ({ type_name, config }) => {
      const block = this.provider.block('data', type_name);
      return { state: encodeValue(readBlock(profileOf(this.options.name), type_name, block, object(config))) };
    },
    ImportResourceState: ({ type_name, id }) => {
      const state = fromStateJson(this.resource(type_name), { id });
      return { imported_resources: [{ type_name, state: encodeValue(state) }] };
    },
  };

  private resource(type: string): Block {
    return this.provider.block('resource', type);
  }

  private schema() {
    const { name, types } = this.options;
    const profile = profileOf(name);
    const message = (block: Block, type: string) =>
      toSchemaMessage(block, (path) => (profile.sensitive ?? []).some((pattern) => pattern.test(`${type}.${path}`)));
    const served = { resource: {} as Record<string, object>, data: {} as Record<string, object> };
    if (types) {
      const wanted = types();
      for (const kind of ['resource', 'data'] as const) {
        for (const type of [...wanted[kind]].filter((t) => t.startsWith(`${name}_`))) {
          const found = this.provider.find(kind, type);
          if (found) served[kind][type] = message(found.block, type);
        }
      }
    } else {
      for (const { kind, type, block } of this.provider.all())
        if (kind !== 'provider') served[kind][type] = message(block, type);
    }
    return {
      provider: message(this.provider.provider(), 'provider'),
      resource_schemas: served.resource,
      data_source_schemas: served.data,
      server_capabilities: { plan_destroy: false, get_provider_schema_optional: true },
    };
  }

  private plan({ type_name, proposed_new_state, prior_state, prior_private }: Request) {
    const proposed = decodeValue(proposed_new_state);
    if (!isObject(proposed)) return { planned_state: encodeValue(null), planned_private: prior_private };
    const planned = planBlock(this.resource(type_name), proposed);
    const prior = decodeValue(prior_state);
    return {
      planned_state: encodeValue(planned),
      planned_private: prior_private,
      requires_replace: isObject(prior) ? replacements(profileOf(this.options.name), type_name, prior, planned) : [],
    };
  }

  private apply({ type_name, planned_state, prior_state, planned_private }: Request) {
    const failure = this.faults.failure(type_name);
    // On a failed apply the state stays what it was.
    if (failure) return { new_state: prior_state, private: planned_private, diagnostics: [error(failure)] };
    const planned = decodeValue(planned_state);
    if (!isObject(planned)) {
      this.ledger.delete(planned_private.toString());
      return { new_state: encodeValue(null) };
    }
    const applied = applyBlock(profileOf(this.options.name), type_name, this.resource(type_name), planned);
    const key = planned_private.length > 0 ? planned_private : Buffer.from(randomUUID());
    this.ledger.set(key.toString(), { type: type_name, id: typeof applied.id === 'string' ? applied.id : '' });
    this.faults.repaired(type_name);
    return { new_state: encodeValue(applied), private: key };
  }
}

function object(value: DynamicValue | null): ObjectValue {
  const decoded = decodeValue(value);
  return isObject(decoded) ? decoded : {};
}
