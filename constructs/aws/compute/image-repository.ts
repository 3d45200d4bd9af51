import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { PolicyStatement } from '../policy-document';

const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)/;

/**
 * ARN of the repository of ECR that an image is in, read off its address; Terraform does it for an image, or a repository,
 * that is a reference.
 *
 * @returns undefined for an image of another registry, which needs no permission
 */
export function repositoryArn(scope: Construct, image: string): string | undefined {
  const { partition } = AwsAccount.of(scope);
  if (!Token.isUnresolved(image)) {
    const [, account, region, path] = ECR_IMAGE.exec(image) ?? [];
    return account && `arn:${partition}:ecr:${region}:${account}:repository/${path}`;
  }
  const [known, digest] = image.split('@');
  const repository = digest === undefined ? Fn.element(Fn.split('@', image), 0) : (known as string);
  const address = Fn.split('/', repository);
  const registry = Fn.element(address, 0);
  const path = Fn.join('/', Fn.slice(address, 1, Fn.lengthOf(address)));
  const part = (index: number) => Fn.element(Fn.split('.', registry), index);
  return `arn:${partition}:ecr:${part(3)}:${part(0)}:repository/${path}`;
}

/** What pulls an image: its repository's layers, with a login that is for all of the registry. */
export function pullImage(scope: Construct, image: string): PolicyStatement[] {
  const repository = repositoryArn(scope, image);
  if (repository === undefined) return [];
  return [
    // ecr:GetAuthorizationToken takes no resource.
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: repository,
    },
  ];
}
