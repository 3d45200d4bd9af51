import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { loadConfig } from '@smithy/core/config';
import { PreconditionFailed, RegistryError } from './errors';
import {
  checkedStream,
  checkKey,
  checkPrefix,
  type ObjectBytes,
  type ObjectStore,
  type StoredObject,
  type WriteCondition,
  type WrittenObject,
} from './object-store';

/** The setting by which the SDK itself finds another endpoint than Amazon's. */
const customEndpoint = loadConfig<string>({
  environmentVariableSelector: (env) => env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL,
  configFileSelector: (profile) => profile.endpoint_url,
  default: '',
});

/** Milliseconds for a connection, and of silence on one; the SDK's own wait has no end. It tries three times. */
const PATIENCE = { connectionTimeout: 3000, socketTimeout: 5000 };

/** An object store in an S3 bucket, by conditional writes; the bucket must exist. */
export class S3ObjectStore implements ObjectStore {
  readonly url: string;
  private readonly base: string;

  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    prefix: string,
  ) {
    this.base = prefix && `${prefix}/`;
    this.url = `s3://${bucket}${prefix && `/${prefix}`}`;
  }

  /** Credentials, region and endpoint come from the SDK's default chain. */
  static async open(bucket: string, prefix: string): Promise<S3ObjectStore> {
    // Servers other than Amazon's seldom have a name for each bucket.
    const forcePathStyle = (await customEndpoint()) !== '';
    // The client is pinned and runs on this Node; that later ones won't is no news for who runs a server or a command.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    return new S3ObjectStore(new S3Client({ forcePathStyle, requestHandler: PATIENCE }), bucket, prefix);
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const answer = await this.ask(key);
    return answer && this.whole(key, answer);
  }

  async getIfChanged(key: string, etag: string): Promise<StoredObject | 'unchanged' | undefined> {
    let answer: GetObjectCommandOutput | undefined;
    try {
      answer = await this.ask(key, etag);
    } catch (error) {
      const { cause } = error as RegistryError;
      if ((cause as S3ServiceException | undefined)?.$metadata?.httpStatusCode === 304) return 'unchanged';
      throw error;
    }
    return answer && this.whole(key, answer);
  }

  async stream(key: string): Promise<ObjectBytes | undefined> {
    const answer = await this.ask(key);
    return answer && checkedStream(answer.Body as Readable, (error) => this.explain(key, error));
  }

  localPath(): undefined {
    return undefined;
  }

  async put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject> {
    checkKey(key);
    try {
      const answer = await this.client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: this.base + key,
          Body: body,
          ...('ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch }),
        }),
      );
      if (!answer.ETag) throw new Error('the answer has no ETag');
      return { etag: answer.ETag };
    } catch (error) {
      // 412; 409 while another conditional write is under way; 404 when the object to match is gone.
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      if (['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(nameOf(error))) {
        throw new PreconditionFailed(`${this.url}/${key}`, { cause: error });
      }
      throw this.explain(key, error);
    }
  }

  async *list(prefix: string): AsyncGenerator<string> {
    checkPrefix(prefix);
    let token: string | undefined;
    do {
      const page = await this.client
        .send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.base + prefix, ContinuationToken: token }))
        .catch((error) => {
          throw this.explain(prefix, error);
        });
      for (const { Key } of page.Contents ?? []) if (Key) yield Key.slice(this.base.length);
      token = page.NextContinuationToken;
    } while (token);
  }

  /** The head of an object, its body still to come; `undefined` when there is none. */
  private async ask(key: string, etag?: string): Promise<GetObjectCommandOutput | undefined> {
    checkKey(key);
    try {
      const request = { Bucket: this.bucket, Key: this.base + key, IfNoneMatch: etag };
      const answer = await this.client.send(new GetObjectCommand(request));
      if (!answer.Body || !answer.ETag) throw new Error('the answer has no body or no ETag');
      return answer;
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw this.explain(key, error);
    }
  }

  private async whole(key: string, { Body, ETag }: GetObjectCommandOutput): Promise<StoredObject> {
    try {
      return { body: await buffer(Body as Readable), etag: ETag as string };
    } catch (error) {
      throw this.explain(key, error);
    }
  }

  private explain(key: string, error: unknown): RegistryError {
    const name = nameOf(error);
    if (name === 'NoSuchBucket') {
      const message = `there is no bucket "${this.bucket}"`;
      return new RegistryError('STORE_NOT_FOUND', message, 'Check its name, or create it first.', { cause: error });
    }
    const hint = HINTS[name] ?? 'Check the network, the region and AWS_ENDPOINT_URL.';
    const message = `can't use ${this.url}/${key}: ${(error as Error).message || name}`;
    return new RegistryError('STORE_UNAVAILABLE', message, hint, { cause: error });
  }
}

const HINTS: Record<string, string> = {
  CredentialsProviderError: 'Give AWS credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID, or a role for this machine or pod.',
  AccessDenied: 'Allow s3:GetObject, s3:PutObject and, so that a missing object can be told, s3:ListBucket.',
  ExpiredToken: 'Sign in again.',
  InvalidAccessKeyId: 'Check the AWS credentials.',
  SignatureDoesNotMatch: 'Check the AWS credentials.',
};

function nameOf(error: unknown): string {
  return (error as Error).name;
}
