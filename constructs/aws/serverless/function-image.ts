import { Token } from 'cdktf';
import { ConfigError } from '../../../src';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The image that functions run, by its digest: a tag could be moved to another one. Lambda takes ECR's only. */
export class FunctionImage {
  /**
   * @param repositoryUrl `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop-functions`; of an arm64 image
   * @param digest `sha256:` and 64 hex digits, as a push prints it
   */
  static byDigest(repositoryUrl: string, digest: string): FunctionImage {
    if (!DIGEST.test(digest)) {
      throw new ConfigError(`the image's digest is ${digest}; it must be sha256: and 64 lowercase hex digits.`);
    }
    return new FunctionImage(`${repositoryUrl}@${digest}`);
  }

  /**
   * @param imageUri `<repository>@sha256:<64 hex digits>`, or what is known at the deploy only, such as a variable's value
   */
  static byUri(imageUri: string): FunctionImage {
    if (!Token.isUnresolved(imageUri) && !DIGEST.test(imageUri.split('@')[1] ?? '')) {
      throw new ConfigError(
        `the image is ${imageUri}; it must name its digest, <repository>@sha256:<64 lowercase hex digits>.`,
      );
    }
    return new FunctionImage(imageUri);
  }

  private constructor(readonly imageUri: string) {}
}
