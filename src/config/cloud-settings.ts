import { z } from 'zod';
import { object } from './checks';

const Cidr = z
  .cidrv4('must be an IPv4 range such as 203.0.113.0/24')
  .refine(
    (cidr) => !cidr.endsWith('/0'),
    '0.0.0.0/0 opens the endpoint to the world; name the ranges your people and runners come from',
  );

/** Who may reach the cluster's API server. A required choice: there is no open default. */
export const EndpointAccessConfig = z
  .union(
    [object({ public: object({ cidrs: z.array(Cidr).min(1, 'must name at least one range') }) }), z.literal('private')],
    { error: "must be 'private' or { public: { cidrs: ['203.0.113.0/24'] } }" },
  )
  .describe(
    "Who may reach the cluster's API server: `'private'` (a runner inside the network deploys) or `{ public: { cidrs } }`.",
  );

export const NetworkCidr = z
  .cidrv4('must be an IPv4 range such as 10.64.0.0/16')
  .refine((cidr) => /\.0\.0\/16$/.test(cidr), 'must be a /16 such as 10.64.0.0/16: the subnets are cut from it');

/** Nodes of the pool. AKS scales it between the bounds; nothing scales EKS's yet, so that `min` run. */
export const NodeCount = object({ min: z.int().min(1).max(100), max: z.int().min(1).max(100) })
  .refine(({ min, max }) => min <= max, 'min must not be above max')
  .describe('Fewest and most nodes. Derived from `capacity` if left out.');

export const LocalState = object({ kind: z.literal('local') });
export const STATE = 'Where Terraform keeps its state. `local` is for trying out; prod refuses it.';

export const StoreUrl = (scheme: 's3' | 'az', form: string) =>
  z.string().regex(new RegExp(`^${scheme}://[^/]+(/[^/]+)*/?$`), `must be ${form}`);
export const IssuerUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' });

export const Workloads = z
  .enum(['deploy', 'skip'])
  .default('deploy')
  .describe(
    '`skip` leaves the contents of the cluster out, so that a dead API server never blocks a change to the rest: what was deployed there runs on, and Terraform forgets it. Before `deploy` again, or a destroy, delete it by hand.',
  );

export const Callers = z
  .array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be a namespace's name, such as shop"))
  .default([])
  .describe(
    "Namespaces of the cluster whose pods may call the model server, at `http://model-server.recommender`. Nobody else's may, but for Prometheus.",
  );

export const Hostname = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a full name in lowercase letters, digits and hyphens, such as recommendations.shop.example.com',
  );

export const Email = z.email('must be an e-mail address');
