import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { json } from 'node:stream/consumers';
import type { CloudFrontKeyValueStoreClientConfig } from '@aws-sdk/client-cloudfront-keyvaluestore';

export const STORE_ARN = 'arn:aws:cloudfront::123456789012:key-value-store/8562c61f-caba-2845-9d99-b97diwae5d3c';

interface Update {
  readonly Puts?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Deletes?: readonly { readonly Key: string }[];
}

/**
 * A double of CloudFront's key-value store service over HTTP: the paths, fields and errors are those of its public model
 * (2022-07-26), the pairs in a change its quota. No emulator has this service.
 */
export class KeyValueStoreDouble {
  readonly entries = new Map<string, string>();
  /** Each change, as it was sent. */
  readonly updates: Update[] = [];
  /** Schemes by which the requests were signed. */
  readonly signedBy = new Set<string>();
  /** Called before a change is looked at. */
  beforeUpdate: (() => void) | undefined;
  private version = 1;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<CloudFrontKeyValueStoreClientConfig> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    // The client puts the account before the host's name, and not every machine resolves that.
    const lookup: LookupFunction = (_name, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
    return {
      endpoint: `http://localhost:${(this.server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      requestHandler: { httpAgent: new Agent({ lookup }) },
      maxAttempts: 1,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** As if somebody else had changed it. */
  touch(): void {
    this.version++;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.signedBy.add(request.headers.authorization?.split(' ')[0] ?? 'nobody');
    const { pathname, searchParams } = new URL(request.url as string, 'http://localhost');
    const path = decodeURIComponent(pathname);
    const send = (status: number, body: object, error?: string) => {
      const headers = { 'content-type': 'application/json', etag: `v${this.version}` };
      response.writeHead(status, { ...headers, ...(error && { 'x-amzn-errortype': error }) }).end(JSON.stringify(body));
    };
    const fail = (status: number, error: string) => send(status, { Message: error }, error);
    if (path === `/key-value-stores/${STORE_ARN}` && request.method === 'GET') {
      return send(200, { KvsARN: STORE_ARN, ItemCount: this.entries.size, TotalSizeInBytes: 0, Created: 1767225600 });
    }
    if (path !== `/key-value-stores/${STORE_ARN}/keys`) return fail(404, 'ResourceNotFoundException');
    if (request.method === 'GET') {
      const first = Number(searchParams.get('NextToken') ?? 0);
      const size = Number(searchParams.get('MaxResults') ?? 10);
      const Items = [...this.entries].slice(first, first + size).map(([Key, Value]) => ({ Key, Value }));
      return send(200, { Items, ...(first + size < this.entries.size && { NextToken: `${first + size}` }) });
    }
    const update = (await json(request)) as Update;
    this.beforeUpdate?.();
    if (request.headers['if-match'] !== `v${this.version}`) return fail(409, 'ConflictException');
    const { Puts = [], Deletes = [] } = update;
    if (Puts.length + Deletes.length > 50) return fail(402, 'ServiceQuotaExceededException');
    for (const { Key, Value } of Puts) this.entries.set(Key, Value);
    for (const { Key } of Deletes) this.entries.delete(Key);
    this.updates.push(update);
    this.version++;
    return send(200, { ItemCount: this.entries.size, TotalSizeInBytes: 0 });
  }
}
