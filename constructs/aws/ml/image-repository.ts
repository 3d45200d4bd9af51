import { DataAwsEcrRepository } from '@cdktf/provider-aws/lib/data-aws-ecr-repository';
import { Construct } from 'constructs';
import { imageByDigest } from '../compute/image-digest';
import { pullImage } from '../compute/image-repository';
import type { IImageRepository } from '../delivery/image-step';
import type { IGrantee } from '../policy-document';

/**
 * A repository of ECR that is there before the first deploy, as `ops/bootstrap/aws.yaml` makes it: scanned on push, its
 * tags immutable, its images expiring. It is looked up, not owned, so that no destroy takes the image of what runs.
 */
export class ImageRepository extends Construct implements IImageRepository {
  /** @param repositoryName without the registry: `shop/model-server`. A plan fails when there is none. */
  static fromName(scope: Construct, id: string, repositoryName: string): ImageRepository {
    return new ImageRepository(scope, id, repositoryName);
  }

  readonly resource: DataAwsEcrRepository;
  readonly arn: string;
  /** `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/model-server`. */
  readonly repositoryUrl: string;

  private constructor(scope: Construct, id: string, repositoryName: string) {
    super(scope, id);
    this.resource = new DataAwsEcrRepository(this, 'Resource', { name: repositoryName });
    this.arn = this.resource.arn;
    this.repositoryUrl = this.resource.repositoryUrl;
  }

  /**
   * One of its images.
   *
   * @param digest `sha256:` and 64 hex digits, as a push prints it
   * @throws ConfigError when it is a tag or something else
   */
  image(digest: string): string {
    return imageByDigest(this.repositoryUrl, digest, this);
  }

  /** May pull its images, and no others. */
  grantPull(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Pull`, pullImage(this, `${this.repositoryUrl}@`));
  }
}
