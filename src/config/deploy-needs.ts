import type { Config, EnvironmentName, LocalConfig } from './schema';

/** Ranges reserved for documentation, RFC 5737. */
const EXAMPLE_CIDR = /^(192\.0\.2|198\.51\.100|203\.0\.113)\./;
/** Domains reserved for examples, RFC 2606. */
const EXAMPLE_DOMAIN = /(^|[@.])example(\.(com|net|org))?$/;
const EXAMPLE_ACCOUNT = /^(\d)\1{11}$|^123456789012$/;
const EXAMPLE_DIGEST = /@sha256:0{64}$/;
const EXAMPLE_UUID = /^00000000-0000-/;

/**
 * What still has to be given before a real deploy of one cloud can work: example values that were left in the config,
 * and the image, which is a Terraform variable.
 */
export function deployNeeds(config: Config, environment: EnvironmentName, cloud: 'aws' | 'azure'): string[] {
  const needs = ["the model server's image by digest: TF_VAR_image=<registry>/<path>@sha256:<digest>"];
  const settings = config.environments[environment];
  if (cloud === 'aws' && settings?.aws?.retraining) {
    needs.push("the functions' image in ECR by digest: TF_VAR_functions_image=<registry>/<path>@sha256:<digest>");
  }
  const at = `environments.${environment}.${cloud}`;
  const access = settings?.[cloud]?.endpointAccess;
  const exampleCidr = typeof access === 'object' && access.public.cidrs.find((cidr) => EXAMPLE_CIDR.test(cidr));
  if (exampleCidr) needs.push(`${at}.endpointAccess: ${exampleCidr} is an example; name the ranges you deploy from`);
  if (settings?.aws && cloud === 'aws' && EXAMPLE_ACCOUNT.test(settings.aws.accountId)) {
    needs.push(`${at}.accountId: ${settings.aws.accountId} is an example`);
  }
  const admin =
    cloud === 'aws' && settings?.aws?.adminPrincipalArns.find((arn) => EXAMPLE_ACCOUNT.test(arn.split(':')[4] ?? ''));
  if (admin) needs.push(`${at}.adminPrincipalArns: ${admin} is an example`);
  const boundary = cloud === 'aws' ? settings?.aws?.permissionsBoundaryArn : undefined;
  if (boundary && EXAMPLE_ACCOUNT.test(boundary.split(':')[4] ?? '')) {
    needs.push(`${at}.permissionsBoundaryArn: ${boundary} is an example; leave it out where there is none`);
  }
  if (settings?.azure && cloud === 'azure') {
    const { subscriptionId, adminGroupObjectIds } = settings.azure;
    if (EXAMPLE_UUID.test(subscriptionId)) needs.push(`${at}.subscriptionId: ${subscriptionId} is an example`);
    const group = adminGroupObjectIds.find((id) => EXAMPLE_UUID.test(id));
    if (group) needs.push(`${at}.adminGroupObjectIds: ${group} is an example`);
  }
  const { gateway, traces } = settings ?? {};
  if (typeof traces === 'object' && EXAMPLE_DIGEST.test(traces.collectorImage)) {
    needs.push(`environments.${environment}.traces.collectorImage: ${traces.collectorImage} is an example`);
  }
  if (gateway) {
    const at = `environments.${environment}.gateway`;
    const { hostname, certificate, authentication } = gateway;
    if (EXAMPLE_DOMAIN.test(hostname)) needs.push(`${at}.hostname: ${hostname} is an example`);
    if (certificate.kind === 'acme' && EXAMPLE_DOMAIN.test(certificate.email)) {
      needs.push(`${at}.certificate.email: ${certificate.email} is an example, which certificate authorities refuse`);
    }
    if (authentication.kind === 'jwt' && EXAMPLE_DOMAIN.test(new URL(authentication.jwksUri).hostname)) {
      needs.push(`${at}.authentication.jwksUri: ${authentication.jwksUri} is an example`);
    }
  }
  const email = config.budget.notify.find((address) => EXAMPLE_DOMAIN.test(address));
  if (email) needs.push(`budget.notify: ${email} is an example; nobody would hear that the budget is spent`);
  return needs;
}

/** What the stack `local` needs before a deploy: what a laptop builds is in no registry. */
export function localDeployNeeds({ image, context }: LocalConfig): string {
  return `the image ${image} on the nodes of ${context}: docker build -f model-server/Dockerfile -t ${image} . (then kind load docker-image, or minikube image load)`;
}
