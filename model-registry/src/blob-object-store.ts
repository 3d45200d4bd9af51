import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { TokenCredential } from '@azure/identity';
import {
  BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  type RestError,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
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

/** Four tries within six seconds; the SDK's own waits, 4, 12 and 28 s, outlast a probe of Kubernetes. */
const PIPELINE: StoragePipelineOptions = { retryOptions: { maxTries: 4, retryDelayInMs: 500 } };

interface Download {
  readonly body: Readable;
  readonly etag: string;
}

/** An object store in an Azure Blob container, by conditional writes; the container must exist. */
export class BlobObjectStore implements ObjectStore {
  readonly url: string;
  private readonly base: string;

  constructor(
    private readonly container: ContainerClient,
    prefix: string,
  ) {
    this.base = prefix && `${prefix}/`;
    this.url = `az://${container.accountName}/${container.containerName}${prefix && `/${prefix}`}`;
  }

  /**
   * Signs in without a key: by the workload identity that AZURE_FEDERATED_TOKEN_FILE and its like name, as in a pod,
   * else by `DefaultAzureCredential`: a managed identity, the login of `az`. An account that
   * `AZURE_STORAGE_CONNECTION_STRING` names is used as that says: an emulator's endpoint and key.
   *
   * @throws RegistryError `INVALID_ARGUMENT` when one of these settings is malformed
   */
  static async open(account: string, container: string, prefix: string): Promise<BlobObjectStore> {
    const service = connectedService(account) ?? keylessService(account);
    return new BlobObjectStore(service.getContainerClient(container), prefix);
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const answer = await this.ask(key);
    return answer && this.whole(key, answer);
  }

  async getIfChanged(key: string, etag: string): Promise<StoredObject | 'unchanged' | undefined> {
    let answer: Download | undefined;
    try {
      answer = await this.ask(key, etag);
    } catch (error) {
      const { cause } = error as RegistryError;
      if ((cause as RestError | undefined)?.statusCode === 304) return 'unchanged';
      throw error;
    }
    return answer && this.whole(key, answer);
  }

  async stream(key: string): Promise<ObjectBytes | undefined> {
    const answer = await this.ask(key);
    return answer && checkedStream(answer.body, (error) => this.explain(key, error));
  }

  localPath(): undefined {
    return undefined;
  }

  async put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject> {
    checkKey(key);
    try {
      const answer = await this.blob(key).upload(body, body.length, { conditions: condition });
      if (!answer.etag) throw new Error('the answer has no ETag');
      return { etag: answer.etag };
    } catch (error) {
      // 412 when it was changed; 409 when it is there; 404 when the blob to match is gone.
      // https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
      if (['ConditionNotMet', 'BlobAlreadyExists', 'BlobNotFound'].includes(codeOf(error))) {
        throw new PreconditionFailed(`${this.url}/${key}`, { cause: error });
      }
      throw this.explain(key, error);
    }
  }

  async *list(prefix: string): AsyncGenerator<string> {
    checkPrefix(prefix);
    try {
      for await (const { name } of this.container.listBlobsFlat({ prefix: this.base + prefix })) {
        yield name.slice(this.base.length);
      }
    } catch (error) {
      throw this.explain(prefix, error);
    }
  }

  /** The head of a blob, its body still to come; `undefined` when there is none. */
  private async ask(key: string, etag?: string): Promise<Download | undefined> {
    checkKey(key);
    try {
      const conditions = etag === undefined ? {} : { ifNoneMatch: etag };
      const { readableStreamBody, etag: found } = await this.blob(key).download(0, undefined, { conditions });
      if (!readableStreamBody || !found) throw new Error('the answer has no body or no ETag');
      return { body: readableStreamBody as Readable, etag: found };
    } catch (error) {
      if (codeOf(error) === 'BlobNotFound') return undefined;
      throw this.explain(key, error);
    }
  }

  private async whole(key: string, { body, etag }: Download): Promise<StoredObject> {
    try {
      return { body: await buffer(body), etag };
    } catch (error) {
      throw this.explain(key, error);
    }
  }

  private blob(key: string): BlockBlobClient {
    return this.container.getBlockBlobClient(this.base + key);
  }

  private explain(key: string, error: unknown): RegistryError {
    const code = codeOf(error);
    if (code === 'ContainerNotFound') {
      const { accountName, containerName } = this.container;
      const message = `there is no container "${containerName}" in the storage account "${accountName}"`;
      return new RegistryError('STORE_NOT_FOUND', message, 'Check its name, or create it first.', { cause: error });
    }
    const hint = HINTS[code] ?? 'Check the network and the account.';
    const message = `can't use ${this.url}/${key}: ${firstLine(error) || code}`;
    return new RegistryError('STORE_UNAVAILABLE', message, hint, { cause: error });
  }
}

/** The service that the connection string leads to, when that is about this account. */
function connectedService(account: string): BlobServiceClient | undefined {
  const connectionString = process.env.AZURE_STORAGE_CONNECTION_STRING;
  if (!connectionString) return undefined;
  let service: BlobServiceClient;
  try {
    service = BlobServiceClient.fromConnectionString(connectionString, PIPELINE);
  } catch (error) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `AZURE_STORAGE_CONNECTION_STRING is not a connection string: ${firstLine(error)}`,
      'Unset it to sign in without a key, or correct it: DefaultEndpointsProtocol=http;AccountName=…;AccountKey=…;BlobEndpoint=…',
      { cause: error },
    );
  }
  return service.accountName === account ? service : undefined;
}

function keylessService(account: string): BlobServiceClient {
  try {
    return new BlobServiceClient(`https://${account}.blob.core.windows.net`, keylessCredential(), PIPELINE);
  } catch (error) {
    const message = `the settings of the sign-in to Azure are not valid: ${firstLine(error)}`;
    throw new RegistryError('INVALID_ARGUMENT', message, 'Correct the AZURE_… variables.', { cause: error });
  }
}

function keylessCredential(): TokenCredential {
  // Loaded when needed, for an emulator has no identities.
  const { DefaultAzureCredential, WorkloadIdentityCredential } =
    require('@azure/identity') as typeof import('@azure/identity');
  // Alone, so that its error is told, and so that a pod doesn't go on with the identity of its node.
  return process.env.AZURE_FEDERATED_TOKEN_FILE ? new WorkloadIdentityCredential() : new DefaultAzureCredential();
}

const SIGN_IN =
  'Sign in to Azure: az login, or a workload identity (AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE).';
const ALLOW = 'Grant the role Storage Blob Data Reader, or Storage Blob Data Contributor to write, on the container.';
const KEY = 'Unset AZURE_STORAGE_CONNECTION_STRING to sign in without a key, or correct it.';

const HINTS: Record<string, string> = {
  AggregateAuthenticationError: SIGN_IN,
  AuthenticationError: SIGN_IN,
  AuthenticationRequiredError: SIGN_IN,
  CredentialUnavailableError: SIGN_IN,
  AuthorizationPermissionMismatch: ALLOW,
  AuthorizationFailure: "Check the account's firewall, and the key if AZURE_STORAGE_CONNECTION_STRING has one.",
  AuthenticationFailed: KEY,
  KeyBasedAuthenticationNotPermitted: KEY,
  ENOTFOUND: 'Check the name of the storage account, and the network.',
};

/** The service's code, the system's (`ECONNREFUSED`), or the name of an error of the sign-in. */
function codeOf(error: unknown): string {
  const { code, details, name } = error as RestError;
  return (details as { errorCode?: string } | undefined)?.errorCode ?? code ?? name;
}

/** The service adds a request id and a time on lines of their own, the sign-in each of its attempts. */
function firstLine(error: unknown): string {
  return (error as Error).message.split('\n', 1)[0]?.trim() ?? '';
}
