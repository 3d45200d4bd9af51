import { checkImageDigest } from '../../kubernetes/image-digest';
import { imageByDigest } from '../compute/image-digest';

/** The image that functions run, by its digest: a tag could be moved to another one. Lambda takes ECR's only. */
export class FunctionImage {
  /**
   * @param repositoryUrl `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop-functions`; of an arm64 image
   * @param digest `sha256:` and 64 hex digits, as a push prints it
   */
  static byDigest(repositoryUrl: string, digest: string): FunctionImage {
    return new FunctionImage(imageByDigest(repositoryUrl, digest));
  }

  /**
   * @param imageUri `<repository>@sha256:<64 hex digits>`, or what is known at the deploy only, such as a variable's value
   */
  static byUri(imageUri: string): FunctionImage {
    checkImageDigest(imageUri);
    return new FunctionImage(imageUri);
  }

  private constructor(readonly imageUri: string) {}
}
