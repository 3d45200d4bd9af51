import { z } from 'zod';

type Values = Readonly<Record<string, unknown>>;

const Written = z.record(z.string(), z.unknown());
const Plan = z.looseObject({
  planned_values: z.looseObject({
    root_module: z.looseObject({
      resources: z.array(z.looseObject({ address: z.string(), mode: z.string(), values: Written })).default([]),
    }),
  }),
  configuration: z.looseObject({
    root_module: z.looseObject({
      resources: z.array(z.looseObject({ address: z.string(), expressions: Written.default({}) })).default([]),
    }),
  }),
});

/**
 * A plan of what is deployed, with what its configuration sets, and without what a provider filled in: rules are about
 * what is written. S3's bucket, for one, gets a block `logging` when it is read, whether or not its accesses are logged.
 *
 * An attribute without a value stays: a rule of a security group that has no `cidr_ipv4` at all is taken for an open one.
 * In a block it goes, since there the provider adds each that there could be.
 *
 * @param json Terraform's, of a configuration without modules, as cdktf makes it
 * @throws ZodError when it is none
 */
export function asWritten(json: string): string {
  const plan = Plan.parse(JSON.parse(json));
  const written = new Map(
    plan.configuration.root_module.resources.map(({ address, expressions }) => [address, expressions]),
  );
  const resources = plan.planned_values.root_module.resources.map((resource) => {
    // One of several is written once: `aws_route53_record.Validation["shop.example.com"]`.
    const expressions = written.get(resource.address.replace(/\[.*\]$/, ''));
    if (resource.mode !== 'managed' || !expressions) return resource;
    const unset = Object.entries(resource.values).filter(([, value]) => value === null);
    return { ...resource, values: { ...Object.fromEntries(unset), ...writtenOf(resource.values, expressions) } };
  });
  const root_module = { ...plan.planned_values.root_module, resources };
  return JSON.stringify({ ...plan, planned_values: { ...plan.planned_values, root_module } });
}

function writtenOf(values: Values, expressions: Values): Values {
  const kept = Object.entries(values).filter(([name, value]) => name in expressions && value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, writtenValue(value, expressions[name])]));
}

/** An attribute's value as it is, whose expression is an object; of blocks, which are a list, what one of them sets. */
function writtenValue(value: unknown, expression: unknown): unknown {
  if (!Array.isArray(expression) || !Array.isArray(value)) return value;
  // A set has an order of its own: which of the blocks a value is of isn't said.
  const anyOfThem = expression.map((block) => Written.parse(block)).reduce(together, {});
  return value.map((block) => writtenOf(Written.parse(block), anyOfThem));
}

function together(one: Values, other: Values): Values {
  const both = Object.entries(other).map(([name, set]) => {
    const before = one[name];
    return [name, Array.isArray(before) && Array.isArray(set) ? [...before, ...set] : set];
  });
  return { ...one, ...Object.fromEntries(both) };
}
