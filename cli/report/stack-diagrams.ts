import { walk } from '../../src/synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import type { Diagram, DiagramEdge, DiagramNode } from './diagram';

/** The parts of a stack, as its construct tree has them, and which refers to which. */
export function stackDiagram(stack: SynthesizedStack): Diagram {
  const counts = new Map<string, number>();
  for (const resource of stack.resources) counts.set(part(resource), (counts.get(part(resource)) ?? 0) + 1);
  const edges = stack.resources.flatMap((resource) =>
    stack.referredBy(resource.block).map((other) => ({ from: part(resource), to: part(other) })),
  );
  return {
    title: `Parts of ${stack.name}`,
    nodes: [...counts].map(([id, count]) => ({
      id,
      label: `${id}\n${count} ${count === 1 ? 'resource' : 'resources'}`,
    })),
    edges: distinct(edges.filter(({ from, to }) => from !== to)),
  };
}

/** What is a network, and what is in it, by the type of resource and what tells one from another. */
const NETWORK: Readonly<Record<string, readonly string[]>> = {
  aws_cloudfront_distribution: [],
  aws_db_instance: ['instance_class'],
  aws_eip: [],
  aws_eks_cluster: ['version'],
  aws_eks_node_group: ['instance_types'],
  aws_elasticache_replication_group: ['node_type'],
  aws_internet_gateway: [],
  aws_lb: ['load_balancer_type'],
  aws_nat_gateway: [],
  aws_subnet: ['cidr_block'],
  aws_vpc: ['cidr_block'],
  aws_vpc_endpoint: ['service_name'],
  azurerm_kubernetes_cluster: ['kubernetes_version'],
  azurerm_lb: ['sku'],
  azurerm_nat_gateway: [],
  azurerm_network_security_group: [],
  azurerm_public_ip: [],
  azurerm_subnet: ['address_prefixes'],
  azurerm_virtual_network: ['address_space'],
};

/** The network of a stack and what is in it. */
export function networkDiagram(stack: SynthesizedStack): Diagram {
  const resources = stack.ofType(...Object.keys(NETWORK));
  const nodes = resources.map((resource): DiagramNode => {
    const facts = (NETWORK[resource.type] ?? []).map((name) => stack.known(walk(resource.block, [name])));
    const lines = [
      ...facts.flat().filter(Boolean).map(readable),
      ...(resource.madeBy ? [`made by ${resource.madeBy}`] : []),
    ];
    return { id: resource.address, label: [`${name(resource)} (${kind(resource)})`, ...lines].join('\n') };
  });
  const edges = resources.flatMap((resource) =>
    stack
      .referredBy(resource.block)
      .filter((other) => other.type in NETWORK && other !== resource)
      .map((other) => ({ from: resource.address, to: other.address })),
  );
  return { title: `Network of ${stack.name}`, nodes, edges: distinct(edges) };
}

const READS = /:(Get|List|Describe|Read|Receive|Select|BatchGet|Query|Scan|Decrypt)/;
const WRITES = /:(Put|Write|Create|Delete|Update|Send|Publish|Start|BatchWrite|Generate|Invoke|Copy|Append)/;

/** Which identity may read what, and write what: by the statements of its roles, or the roles assigned to it. */
export function dataFlowDiagram(stack: SynthesizedStack): Diagram {
  const edges = [...awsFlows(stack), ...azureFlows(stack)];
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return { title: `Who reads and writes what in ${stack.name}`, nodes: ids.map((id) => ({ id, label: id })), edges };
}

function awsFlows(stack: SynthesizedStack): DiagramEdge[] {
  const flows = new Map<string, { from: string; to: string; verbs: Set<string> }>();
  for (const { block } of stack.ofType('aws_iam_role_policy')) {
    const [role] = stack.referredBy(block.role);
    for (const { Effect, Action, Resource } of statementsOf(stack.known(block.policy))) {
      if (!role || Effect !== 'Allow') continue;
      const verbs = [Action ?? []]
        .flat()
        .flatMap((action) => [READS.test(action) ? 'reads' : [], WRITES.test(action) ? 'writes' : []].flat());
      for (const target of stack.referredBy(Resource)) {
        if (/^aws_(kms|iam|cloudwatch_log)/.test(target.type) || part(target) === part(role)) continue;
        const [from, to] = [name(role), `${name(target)} (${kind(target)})`];
        const flow = flows.get(`${from}>${to}`) ?? { from, to, verbs: new Set() };
        for (const verb of verbs) flow.verbs.add(verb);
        flows.set(`${from}>${to}`, flow);
      }
    }
  }
  return [...flows.values()]
    .filter(({ verbs }) => verbs.size > 0)
    .map(({ from, to, verbs }) => ({ from, to, label: [...verbs].sort().join(', ') }));
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | string[];
  readonly Resource?: unknown;
}

/** A policy's statements; one that only the cloud knows has none that can be read. */
function statementsOf(policy: unknown): Statement[] {
  try {
    return [(JSON.parse(String(policy)) as { Statement?: Statement | Statement[] }).Statement ?? []].flat();
  } catch {
    return [];
  }
}

function azureFlows(stack: SynthesizedStack): DiagramEdge[] {
  return stack.ofType('azurerm_role_assignment').flatMap(({ block }) => {
    const [principal] = stack.referredBy(block.principal_id);
    const [scope] = stack.referredBy(block.scope);
    if (!principal || !scope) return [];
    const role = block.role_definition_name ?? name(stack.referredBy(block.role_definition_id)[0]);
    return [{ from: name(principal), to: `${name(scope)} (${kind(scope)})`, label: String(role) }];
  });
}

/** How model versions get from one cloud to the other: each pulls, by a job of its own. */
export function syncDiagram(stacks: readonly SynthesizedStack[]): Diagram {
  const jobs = stacks.flatMap((stack) =>
    stack.contents.objects
      .filter(({ kind, metadata }) => kind === 'CronJob' && /sync/.test(metadata.name))
      .map((job) => ({ stack, job, suspended: walk(job, ['spec', 'suspend']) === true })),
  );
  const store = ({ name }: SynthesizedStack) => ({ id: `${name} store`, label: `model store\n${name}` });
  return {
    title: 'How models get from cloud to cloud',
    nodes: [
      ...jobs.map(({ stack }) => store(stack)),
      ...jobs.map(({ stack, job, suspended }) => ({
        id: `${stack.name} job`,
        label: `${job.metadata.name}\n${stack.name}${suspended ? '\nsuspended: the config names no peer' : ''}`,
      })),
    ],
    edges: jobs.flatMap(({ stack, suspended: dashed }) => [
      ...jobs
        .filter((other) => other.stack !== stack)
        .map((other) => ({ from: `${other.stack.name} store`, to: `${stack.name} job`, label: 'read', dashed })),
      { from: `${stack.name} job`, to: `${stack.name} store`, label: 'write', dashed },
    ]),
  };
}

/** What only the cloud knows is left out of a text. */
const readable = (fact: unknown) => String(fact).replace(/\$\{[^}]*\}/g, '…');

/** The construct right below the stack. */
const part = ({ path }: SynthesizedResource) => path.split('/')[1] ?? path;

/** Ids of the one thing that a construct is about. */
const OWN_IDS = ['Resource', 'Default', 'Role'];

/** The construct that a resource is of, below its part: `Network/Private1`. */
function name(resource: SynthesizedResource | undefined): string {
  const ids = resource?.path.split('/').slice(1) ?? [];
  return ids.filter((id) => !OWN_IDS.includes(id)).join('/') || (resource?.address ?? '');
}

/** `aws_nat_gateway` as `nat gateway`. */
const kind = ({ type }: SynthesizedResource) => type.replace(/^(aws|azurerm|kubernetes)_/, '').replaceAll('_', ' ');

function distinct(edges: readonly DiagramEdge[]): DiagramEdge[] {
  return [...new Map(edges.map((edge) => [`${edge.from}>${edge.to}`, edge])).values()];
}
