import { DataAwsIamSessionContext } from '@cdktf/provider-aws/lib/data-aws-iam-session-context';
import { Fn, Op, type TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '../constructs/aws/aws-account';

/**
 * Fails a plan by somebody who may not administer the cluster: the deploy would make it and then be refused by it.
 *
 * @param image what goes into the cluster. The check is a validation of its variable, because `cdktf synth --hcl` of
 *   cdktf 0.21 writes the pre- and postconditions of resources as attributes, which Terraform refuses, and leaves those
 *   of outputs out.
 */
export function requireAdminDeployer(
  scope: Construct,
  image: TerraformVariable,
  adminPrincipalArns: readonly string[],
): void {
  const { issuerArn } = new DataAwsIamSessionContext(scope, 'Deployer', { arn: AwsAccount.of(scope).callerArn });
  image.addValidation({
    // A validation has to mention its own variable.
    condition: Op.and(Op.gte(Fn.lengthOf(image.value), 1), Fn.contains([...adminPrincipalArns], issuerArn)),
    errorMessage: `${issuerArn} deploys the image, but is not in adminPrincipalArns of the config, so the cluster would refuse it. Add it, or deploy as one of them.`,
  });
}
