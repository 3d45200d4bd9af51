// The service is one for all regions, and takes no other signature. This one is in JavaScript; the client finds it by this
// import. Source: the README of @aws-sdk/signature-v4-multi-region.
import '@aws-sdk/signature-v4a';
import {
  CloudFrontKeyValueStoreClient,
  type CloudFrontKeyValueStoreClientConfig,
  DescribeKeyValueStoreCommand,
  ListKeysCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { EdgeChange } from '@cdktf-recommender/model-server';

/** What a store holds, and the ETag that the next change of it has to name. */
export interface EdgeContents {
  readonly entries: ReadonlyMap<string, string>;
  readonly etag: string;
}

/** Most that AWS answers at once. */
const PAGE = 50;

/** A key-value store of CloudFront's, by its ARN. */
export class EdgeStore {
  private readonly client: CloudFrontKeyValueStoreClient;

  constructor(
    private readonly storeArn: string,
    config: CloudFrontKeyValueStoreClientConfig = {},
  ) {
    // The client is pinned and runs on this Node; that later ones won't is no news for who runs a command.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    this.client = new CloudFrontKeyValueStoreClient({ region: 'us-east-1', ...config });
  }

  /** The ETag is read first: what changes while the keys are read makes the first change fail. */
  async read(): Promise<EdgeContents> {
    const { ETag: etag } = await this.client.send(new DescribeKeyValueStoreCommand({ KvsARN: this.storeArn }));
    const entries = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(
        new ListKeysCommand({ KvsARN: this.storeArn, MaxResults: PAGE, ...(NextToken && { NextToken }) }),
      );
      for (const { Key, Value } of page.Items ?? []) entries.set(Key as string, Value as string);
      NextToken = page.NextToken;
    } while (NextToken);
    return { entries, etag: etag as string };
  }

  /**
   * Does changes one after the other, each on top of the one before.
   *
   * @param onChange called after each
   * @throws ConflictError when somebody else changed the store meanwhile
   */
  async change(etag: string, changes: readonly EdgeChange[], onChange?: (done: number) => void): Promise<void> {
    let IfMatch = etag;
    for (const [index, { puts, deletes }] of changes.entries()) {
      try {
        const changed = await this.client.send(
          new UpdateKeysCommand({
            KvsARN: this.storeArn,
            IfMatch,
            Puts: puts.map(({ key, value }) => ({ Key: key, Value: value })),
            Deletes: deletes.map((key) => ({ Key: key })),
          }),
        );
        IfMatch = changed.ETag as string;
      } catch (error) {
        if ((error as Error).name === 'ConflictException') throw new ConflictError(index, changes.length);
        throw error;
      }
      onChange?.(index + 1);
    }
  }

  close(): void {
    this.client.destroy();
  }
}

/** Somebody else changed the store at the same time. */
class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly hint = 'Run the command again: it does what is left.';

  constructor(done: number, changes: number) {
    super(`the store was changed by somebody else meanwhile; ${done} of ${changes} changes are done`);
  }
}
